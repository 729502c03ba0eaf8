using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Placement;

/// <summary>What a model will take once loaded, estimated from its header. Pure.</summary>
/// <param name="WeightsBytes">The weights.</param>
/// <param name="KeyValueBytes">The KV cache of one sequence at full context length.</param>
/// <param name="ComputeBytes">Buffers of one native call.</param>
internal sealed record MemoryEstimate(long WeightsBytes, long KeyValueBytes, long ComputeBytes)
{
    // Keys and values are kept as f16.
    private const int KeyValueComponentBytes = 2;
    private const int FloatBytes = 4;

    // llama.cpp computes a logical batch in pieces of this many tokens; an embedding needs it whole.
    private const int MicroBatchTokens = 512;

    // Intermediate results that live at one time, in hidden states; measured on llama and qwen shapes.
    private const int HiddenStateCount = 8;

    /// <summary>All of it, for so many sequences.</summary>
    public long TotalBytes(int slotCount) => WeightsBytes + ComputeBytes + (KeyValueBytes * slotCount);

    /// <summary>Estimates a plan.</summary>
    public static MemoryEstimate Of(LoadPlan plan)
    {
        var weights = plan.Model.WeightsDescription;
        var tokens = plan.Embedding ? plan.BatchTokens : Math.Min(plan.BatchTokens, MicroBatchTokens);
        long width = ((long)weights.EmbeddingLength * HiddenStateCount) + (plan.Embedding ? 0 : weights.VocabularySize);
        return new MemoryEstimate(
            weights.FileBytes, KeyValueBytesPerToken(weights) * plan.ContextTokens, tokens * width * FloatBytes);
    }

    private static long KeyValueBytesPerToken(WeightsDescription weights) =>
        weights.KeyValueHeadCount * ((long)weights.KeyLength + weights.ValueLength) * KeyValueComponentBytes;
}
