using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary>From contracts to wire records. What is empty becomes null, and so is left out.</summary>
internal static class WireMapping
{
    /// <summary>One line of a chat.</summary>
    public static ChatLine ToChatLine(this GenerationChunk chunk, string model, DateTimeOffset now)
    {
        var usage = chunk.Usage ?? new GenerationUsage();
        return new ChatLine
        {
            Model = model,
            CreatedAt = WireTime.Utc(now),
            Message = new MessageWire
            {
                Role = "assistant",
                Content = chunk.Content,
                Thinking = OrNull(chunk.Thinking),
                ToolCalls = ToWire(chunk.ToolCalls),
            },
            Done = chunk.FinishReason is not null,
            DoneReason = ToWire(chunk.FinishReason),
            LogProbs = ToWire(chunk.LogProbs),
            TotalDuration = WireTime.Nanoseconds(usage.TotalDuration),
            LoadDuration = WireTime.Nanoseconds(usage.LoadDuration),
            PromptEvalCount = usage.PromptTokenCount,
            PromptEvalDuration = WireTime.Nanoseconds(usage.PrefillDuration),
            EvalCount = usage.CompletionTokenCount,
            EvalDuration = WireTime.Nanoseconds(usage.DecodeDuration),
        };
    }

    /// <summary>One line of a completion.</summary>
    public static GenerateLine ToGenerateLine(this GenerationChunk chunk, string model, DateTimeOffset now)
    {
        var usage = chunk.Usage ?? new GenerationUsage();
        return new GenerateLine
        {
            Model = model,
            CreatedAt = WireTime.Utc(now),
            Response = chunk.Content,
            Thinking = OrNull(chunk.Thinking),
            Done = chunk.FinishReason is not null,
            DoneReason = ToWire(chunk.FinishReason),
            Context = OrNull(chunk.Context),
            TotalDuration = WireTime.Nanoseconds(usage.TotalDuration),
            LoadDuration = WireTime.Nanoseconds(usage.LoadDuration),
            PromptEvalCount = usage.PromptTokenCount,
            PromptEvalDuration = WireTime.Nanoseconds(usage.PrefillDuration),
            EvalCount = usage.CompletionTokenCount,
            EvalDuration = WireTime.Nanoseconds(usage.DecodeDuration),
            ToolCalls = ToWire(chunk.ToolCalls),
            LogProbs = ToWire(chunk.LogProbs),
        };
    }

    /// <summary>Details of a model.</summary>
    /// <param name="details">The details.</param>
    /// <param name="lengthsIncluded">Shows context and embedding length, as lists of the library do.</param>
    public static DetailsWire ToWire(this ModelDetails details, bool lengthsIncluded) => new()
    {
        ParentModel = details.ParentModel,
        Format = details.Format,
        Family = details.Family,
        Families = details.Families,
        ParameterSize = details.ParameterSize,
        QuantizationLevel = details.QuantizationLevel,
        ContextLength = lengthsIncluded && details.ContextTokens > 0 ? details.ContextTokens : null,
        EmbeddingLength = lengthsIncluded && details.EmbeddingLength > 0 ? details.EmbeddingLength : null,
    };

    /// <summary>Names of capabilities; null for none.</summary>
    public static IReadOnlyList<string>? ToWire(this IReadOnlyList<ModelCapability> capabilities) =>
        OrNull(capabilities.Select(capability => capability.ToString().ToLowerInvariant()).ToArray());

    /// <summary>A text, or null for the empty one.</summary>
    public static string? OrNull(string? text) => text is { Length: > 0 } ? text : null;

    /// <summary>A list, or null for the empty one.</summary>
    public static IReadOnlyList<T>? OrNull<T>(IReadOnlyList<T>? list) => list is { Count: > 0 } ? list : null;

    // The wire has no reason of its own for tool calls.
    private static string? ToWire(FinishReason? reason) => reason switch
    {
        null => null,
        FinishReason.Length => "length",
        _ => "stop",
    };

    private static ToolCallWire[]? ToWire(IReadOnlyList<ToolCall> calls) =>
        calls.Count == 0
            ? null
            : calls.Select(call => new ToolCallWire(
                OrNull(call.Id), new FunctionWire(call.Index, call.Name, call.Arguments))).ToArray();

    /// <summary>Log-probabilities; null for none.</summary>
    public static LogProbWire[]? ToWire(IReadOnlyList<TokenLogProb> tokens) =>
        tokens.Count == 0
            ? null
            : tokens.Select(token => new LogProbWire
            {
                Token = token.Token,
                LogProb = token.LogProb,
                Bytes = OrNull(token.Bytes),
                Top = ToWire(token.Top),
            }).ToArray();
}
