using System.Diagnostics;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Placement;

/// <summary>What a model will take once loaded, estimated from its header. Pure.</summary>
/// <param name="WeightsBytes">The weights.</param>
/// <param name="KeyValueBytes">The KV cache of one sequence at full context length.</param>
/// <param name="ComputeBytes">Buffers of one native call.</param>
internal sealed record MemoryEstimate(long WeightsBytes, long KeyValueBytes, long ComputeBytes)
{
    // Keys and values that are no floats come in blocks of this many.
    private const int BlockLength = 32;
    private const int FloatBytes = 4;

    // llama.cpp computes a logical batch in pieces of this many tokens; an embedding needs it whole.
    private const int MicroBatchTokens = 512;

    // Intermediate results that live at one time, in hidden states; measured on llama and qwen shapes.
    private const int HiddenStateCount = 8;

    /// <summary>All of it, for so many sequences.</summary>
    public long TotalBytes(int slotCount) => WeightsBytes + ComputeBytes + (KeyValueBytes * slotCount);

    /// <summary>Estimates a plan, the draft model included.</summary>
    public static MemoryEstimate Of(LoadPlan plan)
    {
        var model = Of(plan, plan.Model.WeightsDescription);
        // A draft model keeps its keys and values at 16 bits, for as many tokens.
        return plan.Draft is { } draft
            ? model + Of(plan with { KeyValueType = KeyValueType.F16 }, draft.Description)
            : model;
    }

    /// <summary>Adds two.</summary>
    public static MemoryEstimate operator +(MemoryEstimate left, MemoryEstimate right) => new(
        left.WeightsBytes + right.WeightsBytes,
        left.KeyValueBytes + right.KeyValueBytes,
        left.ComputeBytes + right.ComputeBytes);

    private static MemoryEstimate Of(LoadPlan plan, WeightsDescription weights)
    {
        var tokens = plan.Embedding ? plan.BatchTokens : Math.Min(plan.BatchTokens, MicroBatchTokens);
        long width = ((long)weights.EmbeddingLength * HiddenStateCount) + (plan.Embedding ? 0 : weights.VocabularySize);
        return new MemoryEstimate(
            weights.FileBytes, CacheBytes(weights, plan.KeyValueType, plan.ContextTokens), tokens * width * FloatBytes);
    }

    private static long CacheBytes(WeightsDescription weights, KeyValueType type, int contextTokens)
    {
        var components = weights.KeyValueHeadCount * ((long)weights.KeyLength + weights.ValueLength) * contextTokens;
        return components / BlockLength * BlockBytes(type);
    }

    private static int BlockBytes(KeyValueType type) => type switch
    {
        KeyValueType.F16 or KeyValueType.BF16 => 64,
        KeyValueType.F32 => 128,
        KeyValueType.Q8_0 => 34,
        KeyValueType.Q5_1 => 24,
        KeyValueType.Q5_0 => 22,
        KeyValueType.Q4_1 => 20,
        KeyValueType.Q4_0 or KeyValueType.IQ4_NL => 18,
        _ => throw new UnreachableException(),
    };
}
