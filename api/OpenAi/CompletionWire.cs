using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>Turns the chunks of one completion into OpenAI's records. Lives on the request's task.</summary>
/// <param name="head">What all records have in common.</param>
/// <param name="echo">Text in front of the answer.</param>
internal sealed class CompletionWire(CompletionHead head, string echo)
{
    private string _echo = echo;
    private int _characterCount = CountCharacters(echo);

    /// <summary>The whole answer.</summary>
    public TextCompletion ToWhole(GenerationChunk answer) =>
        ToRecord(ToChoice(answer)) with { Usage = UsageWire.Of(answer.Usage) };

    /// <summary>The answer to a request without a prompt.</summary>
    public TextCompletion Loaded() =>
        ToRecord(new TextChoice { Text = "", FinishReason = EmptyRequests.Loaded }) with { Usage = UsageWire.Of(null) };

    /// <summary>The events that a chunk brings.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="usageIncluded">Ends the stream with the usage; until then every event has one of zeros.</param>
    public IEnumerable<TextCompletion> ToEvents(GenerationChunk chunk, bool usageIncluded)
    {
        yield return ToRecord(ToChoice(chunk)) with { Usage = usageIncluded ? UsageWire.Of(null) : null };
        if (usageIncluded && chunk.FinishReason is not null)
        {
            yield return ToRecord() with { Usage = UsageWire.Of(chunk.Usage) };
        }
    }

    private TextChoice ToChoice(GenerationChunk chunk)
    {
        var text = _echo + chunk.Content;
        _echo = "";
        return new TextChoice
        {
            Text = text,
            FinishReason = chunk.FinishReason switch
            {
                null => null,
                FinishReason.Length => "length",
                _ => "stop",
            },
            LogProbs = ToLogProbs(chunk.LogProbs),
        };
    }

    private TextLogProbs? ToLogProbs(IReadOnlyList<TokenLogProb> tokens)
    {
        if (tokens.Count == 0)
        {
            return null;
        }

        var offsets = new List<int>(tokens.Count);
        foreach (var token in tokens)
        {
            offsets.Add(_characterCount);
            _characterCount += CountCharacters(token.Token);
        }

        return new TextLogProbs(
            [.. tokens.Select(token => token.Token)],
            [.. tokens.Select(token => token.LogProb)],
            [.. tokens.Select(token => ToMap(token.Top))],
            offsets);
    }

    // Two tokens may have the same text; the better one comes first.
    private static Dictionary<string, double> ToMap(IReadOnlyList<TokenLogProb> tokens)
    {
        var map = new Dictionary<string, double>();
        foreach (var token in tokens)
        {
            map.TryAdd(token.Token, token.LogProb);
        }

        return map;
    }

    private static int CountCharacters(string text) => text.EnumerateRunes().Count();

    private TextCompletion ToRecord(params TextChoice[] choices) => new()
    {
        Id = head.Id,
        Created = head.Created,
        Model = head.Model,
        Choices = choices,
    };
}
