using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses;

/// <summary>
/// The events of a response that was made whole, as they would have been sent: each text in one piece. Nobody could
/// follow while it was made, and hardly anybody does later, so that none are kept.
/// </summary>
internal static class ResponseReplay
{
    /// <summary>All events, always the same.</summary>
    public static List<byte[]> EventsOf(ResponseWire whole)
    {
        var events = new List<byte[]>();
        using var buffer = new EventBuffer();
        var ids = new Queue<string>(whole.Output.Select(item => item.Id));
        var beginning = whole with
        {
            Status = ResponseStatus.InProgress,
            Output = [],
            CompletedAt = null,
            IncompleteDetails = null,
            Usage = null,
        };
        var composer = new ResponseComposer(
            beginning, TimeProvider.System,
            what => events.Add(buffer.Write(what.Type, what, ResponsesJson.Default.ResponseEvent).ToArray()),
            _ => ids.Dequeue());
        composer.Announce();
        var callCount = 0;
        foreach (var item in whole.Output)
        {
            composer.Add(item.Type switch
            {
                "reasoning" => new GenerationChunk
                {
                    Thinking = string.Concat(item.Summary!.Select(part => part.Text)),
                },
                "message" => new GenerationChunk
                {
                    Content = string.Concat(item.Content!.Select(part => part.Text)),
                    LogProbs = ToTokens(item.Content!.SelectMany(part => part.LogProbs)),
                },
                _ => new GenerationChunk
                {
                    CallPieces =
                        [new ToolCallPiece(callCount++, item.Arguments!) { Id = item.CallId, Name = item.Name }],
                },
            });
        }

        composer.End(whole);
        return events;
    }

    private static IReadOnlyList<TokenLogProb> ToTokens(IEnumerable<TokenWire> tokens) =>
        [.. tokens.Select(token => new TokenLogProb(
            token.Token, token.Logprob, token.Bytes, ToTokens(token.TopLogprobs)))];
}
