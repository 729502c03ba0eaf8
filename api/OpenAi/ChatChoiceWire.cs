using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>Turns the chunks of one choice of a chat into OpenAI's records. Lives on the request's task.</summary>
/// <param name="index">Position among the choices.</param>
internal sealed class ChatChoiceWire(int index)
{
    private const string Role = "assistant";

    private bool _begun;
    private bool _called;
    private int _begunCallCount;

    /// <summary>The whole choice.</summary>
    public ChatChoice ToMessage(GenerationChunk answer)
    {
        var calls = ToCalls(answer);
        return new ChatChoice
        {
            Index = index,
            Message = new AssistantMessage
            {
                Role = Role,
                Content = answer.Content,
                Reasoning = WireMapping.OrNull(answer.Thinking),
                ToolCalls = calls,
            },
            FinishReason = ToReason(answer.FinishReason),
            LogProbs = ToLogProbs(answer),
        };
    }

    /// <summary>What a chunk brings. The last chunk brings the reason, too.</summary>
    public IEnumerable<ChatChoice> ToDeltas(GenerationChunk chunk)
    {
        foreach (var delta in ToParts(chunk))
        {
            yield return delta;
        }

        if (chunk.FinishReason is { } reason)
        {
            yield return new ChatChoice
            {
                Index = index,
                Delta = new AssistantMessage(),
                FinishReason = ToReason(reason),
            };
        }
    }

    // Reasoning and answer never share an event; log-probabilities go with the first.
    private IEnumerable<ChatChoice> ToParts(GenerationChunk chunk)
    {
        var reasoning = WireMapping.OrNull(chunk.Thinking);
        var calls = ToCalls(chunk);
        var logProbs = ToLogProbs(chunk);
        if (reasoning is not null && (chunk.Content.Length > 0 || calls is not null))
        {
            yield return new ChatChoice
            {
                Index = index,
                Delta = new AssistantMessage { Role = TakeRole(), Reasoning = reasoning },
                LogProbs = logProbs,
            };
            (reasoning, logProbs) = (null, null);
        }

        // The last chunk usually says nothing but that it is the last.
        if (chunk.FinishReason is null || chunk.Content.Length > 0 || reasoning is not null || calls is not null
            || logProbs is not null || !_begun)
        {
            yield return new ChatChoice
            {
                Index = index,
                Delta = new AssistantMessage
                {
                    Role = TakeRole(),
                    Content = chunk.Content,
                    Reasoning = reasoning,
                    ToolCalls = calls,
                },
                LogProbs = logProbs,
            };
        }
    }

    private string? TakeRole()
    {
        var role = _begun ? null : Role;
        _begun = true;
        return role;
    }

    private ToolCallItem[]? ToCalls(GenerationChunk chunk)
    {
        if (chunk.CallPieces.Count + chunk.ToolCalls.Count == 0)
        {
            return null;
        }

        _begunCallCount = chunk.CallPieces.Count == 0 ? _begunCallCount : chunk.CallPieces[^1].Index + 1;

        // A call that was sent in pieces is not sent again.
        var whole = chunk.ToolCalls.Where(call => call.Index >= _begunCallCount);
        _called |= chunk.ToolCalls.Count > 0;
        ToolCallItem[] items = [.. chunk.CallPieces.Select(ToItem), .. whole.Select(ToItem)];
        return items.Length == 0 ? null : items;
    }

    private static ToolCallItem ToItem(ToolCall call) => new()
    {
        Id = call.Id ?? "",
        Index = call.Index,
        Type = ToolCallItem.FunctionType,
        Function = new CalledFunction(call.Name, WireWriter.ToText(call.Arguments)),
    };

    private static ToolCallItem ToItem(ToolCallPiece piece) => new()
    {
        Id = piece.Id,
        Index = piece.Index,
        Type = piece.Name is null ? null : ToolCallItem.FunctionType,
        Function = new CalledFunction(piece.Name, piece.Arguments),
    };

    private string ToReason(FinishReason? reason) =>
        reason == FinishReason.Length ? "length" : _called ? "tool_calls" : "stop";

    private static ChatLogProbs? ToLogProbs(GenerationChunk chunk) =>
        WireMapping.ToWire(chunk.LogProbs) is { } tokens ? new ChatLogProbs(tokens) : null;
}
