using Ollama.Platform.Api.Anthropic.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic;

/// <summary>From contracts to wire records.</summary>
internal static class AnswerMapping
{
    /// <summary>A whole answer.</summary>
    public static AnswerWire ToWire(GenerationChunk answer, string model)
    {
        var blocks = new List<BlockWire>();
        if (answer.Thinking is { Length: > 0 } thinking)
        {
            blocks.Add(new BlockWire { Type = "thinking", Thinking = thinking, Signature = "" });
        }

        if (answer.Content.Length > 0)
        {
            blocks.Add(new BlockWire { Type = "text", Text = answer.Content });
        }

        blocks.AddRange(answer.ToolCalls.Select(call => ToBlock(call) with { Input = call.Arguments }));
        return new AnswerWire(
            NewMessageId(), model, blocks, StopReason(answer.FinishReason, answer.ToolCalls.Count > 0),
            ToWire(answer.Usage));
    }

    /// <summary>The id of a new message.</summary>
    public static string NewMessageId() => AnthropicReply.NewId("msg_");

    /// <summary>A call without its arguments. One without an id gets one, for its result must name it.</summary>
    public static BlockWire ToBlock(ToolCall call) => new()
    {
        Type = "tool_use",
        Id = string.IsNullOrEmpty(call.Id) ? AnthropicReply.NewId("toolu_") : call.Id,
        Name = call.Name,
    };

    /// <summary>Why a message ended.</summary>
    /// <param name="reason">Why the run ended.</param>
    /// <param name="called">The message has a call, whose result the model waits for.</param>
    public static string StopReason(FinishReason? reason, bool called) =>
        called ? "tool_use" : reason == FinishReason.Length ? "max_tokens" : "end_turn";

    /// <summary>What a run cost.</summary>
    public static UsageWire ToWire(GenerationUsage? usage) => usage is null
        ? new UsageWire(0, 0, 0, 0)
        : new UsageWire(
            usage.PromptTokenCount - usage.CachedTokenCount, 0, usage.CachedTokenCount, usage.CompletionTokenCount);
}
