using Ollama.Platform.Api.Anthropic.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic;

/// <summary>From contracts to wire records.</summary>
internal static class AnswerMapping
{
    /// <summary>A whole answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="model">The model as the client wrote it.</param>
    public static AnswerWire ToWire(GenerationChunk answer, GenerationRequest request, string model)
    {
        var blocks = new List<BlockWire>();
        if (answer.Thinking is { Length: > 0 } thinking)
        {
            blocks.Add(new BlockWire
            {
                Type = "thinking",
                Thinking = thinking,
                Signature = ThinkingSignature.Of(thinking),
            });
        }

        if (answer.Content.Length > 0)
        {
            blocks.Add(new BlockWire { Type = "text", Text = answer.Content });
        }

        blocks.AddRange(answer.ToolCalls.Select(call => ToBlock(call.Id, call.Name) with { Input = call.Arguments }));
        var stop = ToStop(answer, request, answer.ToolCalls.Count > 0);
        return new AnswerWire(
            NewMessageId(), model, blocks, stop.StopReason, stop.StopSequence, ToWire(answer.Usage));
    }

    /// <summary>The id of a new message.</summary>
    public static string NewMessageId() => AnthropicReply.NewId("msg_");

    /// <summary>A call without its arguments. One without an id gets one, for its result must name it.</summary>
    public static BlockWire ToBlock(string? id, string name) => new()
    {
        Type = "tool_use",
        Id = string.IsNullOrEmpty(id) ? AnthropicReply.NewId("toolu_") : id,
        Name = name,
    };

    /// <summary>Why a message ended.</summary>
    /// <param name="last">The chunk that ended the run.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="called">The message has a call, whose result the model waits for.</param>
    public static StopWire ToStop(GenerationChunk last, GenerationRequest request, bool called) =>
        called ? new StopWire("tool_use", null)
        : last.FinishReason == FinishReason.Length ? new StopWire("max_tokens", null)
        : last.StopSequence is { } stop && IsOwn(request, stop) ? new StopWire("stop_sequence", stop)
        : new StopWire("end_turn", null);

    // One that the model brings along ends its turn as any model's mark does.
    private static bool IsOwn(GenerationRequest request, string stop) =>
        request.Options.TryGetValue("stop", out var stops)
        && stops.EnumerateArray().Any(own => own.ValueEquals(stop));

    /// <summary>What a run cost.</summary>
    public static UsageWire ToWire(GenerationUsage? usage) => usage is null
        ? new UsageWire(0, 0, 0, 0)
        : new UsageWire(
            usage.PromptTokenCount - usage.CachedTokenCount, 0, usage.CachedTokenCount, usage.CompletionTokenCount);
}
