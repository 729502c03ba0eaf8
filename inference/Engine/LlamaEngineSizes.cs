using System.Diagnostics;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Turns a specification into the sizes of a native context; pure.</summary>
internal static class LlamaEngineSizes
{
    // Texts of one embedding call; more gain nothing, since a batch is full long before.
    private const int EmbeddingSequencesMax = 64;

    // Rows of logits that the buffers hold although each slot wants one: room for a prefix to be scored, at 128 bytes
    // for each token of the vocabulary.
    private const int OutputsMin = 32;

    /// <summary>Checks the ranges that the native library would not survive or would clamp.</summary>
    public static void Check(LoadSpecification specification, int sequencesMax)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentException.ThrowIfNullOrEmpty(specification.WeightsPath);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(specification.ContextTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(specification.BatchTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(specification.SlotCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(specification.SlotCount, sequencesMax);
        ArgumentOutOfRangeException.ThrowIfNegative(specification.ThreadCount);
        ThrowIfNoFrequency(specification.RopeFrequencyBase);
        ThrowIfNoFrequency(specification.RopeFrequencyScale);
        ArgumentOutOfRangeException.ThrowIfNegative(specification.CellCount);
        if (specification.CellsWanted > LlamaContextOptions.CellCountMax)
        {
            throw new EngineLoadException(
                $"{specification.SlotCount} sequences of {specification.ContextTokens} tokens do not fit into one "
                + "cache.");
        }
    }

    /// <summary>The library's word for how keys and values are kept.</summary>
    public static LlamaCacheType ToCacheType(KeyValueType type) => type switch
    {
        KeyValueType.F16 => LlamaCacheType.F16,
        KeyValueType.Q8_0 => LlamaCacheType.Q8_0,
        KeyValueType.Q4_0 => LlamaCacheType.Q4_0,
        KeyValueType.F32 => LlamaCacheType.F32,
        KeyValueType.BF16 => LlamaCacheType.BF16,
        KeyValueType.Q4_1 => LlamaCacheType.Q4_1,
        KeyValueType.Q5_0 => LlamaCacheType.Q5_0,
        KeyValueType.Q5_1 => LlamaCacheType.Q5_1,
        KeyValueType.IQ4_NL => LlamaCacheType.IQ4_NL,
        _ => throw new UnreachableException(),
    };

    /// <summary>The sizes for generation or for embeddings.</summary>
    public static LlamaContextOptions Choose(LoadSpecification specification, LlamaModel model) =>
        ChooseSizes(specification, model) with
        {
            Processors = CpuTopology.ListProcessorsOfCores(),
            FlashAttention = specification.FlashAttention,
            RopeFrequencyBase = specification.RopeFrequencyBase,
            RopeFrequencyScale = specification.RopeFrequencyScale,
        };

    private static LlamaContextOptions ChooseSizes(LoadSpecification specification, LlamaModel model)
    {
        var threads = ThreadPolicy.Choose(
            specification.ThreadCount, model.TensorBytes, CpuTopology.CountCores(), Environment.ProcessorCount);
        return specification.Embedding
            ? ForEmbedding(specification, model, threads)
            : new LlamaContextOptions
            {
                CellCount = (int)specification.CellsWanted,
                CacheUnified = specification.CacheUnified,
                BatchTokens = specification.BatchTokens,
                MicroBatchTokens = specification.BatchTokens,
                SequenceCount = specification.SlotCount,
                OutputCount = Math.Max(OutputsMin, specification.SlotCount),
                ThreadCount = threads,
                CacheType = ToCacheType(specification.KeyValueType),
            };
    }

    private static void ThrowIfNoFrequency(float value)
    {
        if (!float.IsFinite(value) || value < 0)
        {
            throw new EngineLoadException($"{value} is no frequency of rotary positions.");
        }
    }

    private static LlamaContextOptions ForEmbedding(LoadSpecification specification, LlamaModel model, int threads)
    {
        // A text is computed in one piece. The library reserves a row of logits for every token of a batch, used or
        // not, so a batch is no longer than the longest text or the usual batch.
        var trained = Math.Max(1, model.ContextTokensTrained);
        var longest = Math.Min(specification.ContextTokens, trained);
        var batch = Math.Max(longest, specification.BatchTokens);
        return new LlamaContextOptions
        {
            CellCount = batch,
            BatchTokens = batch,
            MicroBatchTokens = batch,
            SequenceCount = Math.Min(EmbeddingSequencesMax, batch),
            OutputCount = batch,
            ThreadCount = threads,
            Embeddings = true,
        };
    }
}
