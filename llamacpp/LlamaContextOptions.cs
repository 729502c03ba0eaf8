namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// Sizes of a context. The library rounds and clamps them; <see cref="LlamaContext"/> tells the result.
/// </summary>
public sealed record LlamaContextOptions
{
    /// <summary>
    /// Most cells of a context. The library keeps some forty bytes for each besides keys and values, and fills them, so
    /// that an absurd wish would use up the memory of the machine before anything fails.
    /// </summary>
    public const int CellCountMax = 1 << 24;

    /// <summary>Cells of the KV cache, of all sequences together.</summary>
    public required int CellCount { get; init; }

    /// <summary>
    /// One cache for all sequences: they share its cells. Otherwise each has its own, an equal part of the cells, over
    /// which attention walks alone.
    /// </summary>
    public bool CacheUnified { get; init; } = true;

    /// <summary>Tokens of one call at most.</summary>
    public int BatchTokens { get; init; } = 512;

    /// <summary>Tokens computed together at most.</summary>
    public int MicroBatchTokens { get; init; } = 512;

    /// <summary>Number of sequence ids.</summary>
    public int SequenceCount { get; init; } = 1;

    /// <summary>Entries of a batch that may be marked as output; decides the size of the buffers for logits.</summary>
    public int OutputCount { get; init; } = 32;

    /// <summary>Threads that compute.</summary>
    public int ThreadCount { get; init; } = 1;

    /// <summary>Logical processors on which the threads besides the caller's run; empty for any.</summary>
    public IReadOnlyList<int> Processors { get; init; } = [];

    /// <summary>Bits of keys and values; those other than 16 need <see cref="FlashAttention"/>.</summary>
    public LlamaCacheType CacheType { get; init; } = LlamaCacheType.F16;

    /// <summary>Computes attention in one piece; null leaves it to the library, which asks the device.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Base frequency of rotary positions; 0 for the model's own.</summary>
    public float RopeFrequencyBase { get; init; }

    /// <summary>Scale of rotary frequencies; 0 for the model's own.</summary>
    public float RopeFrequencyScale { get; init; }

    /// <summary>Makes vectors instead of logits; every entry of a batch is then an output.</summary>
    public bool Embeddings { get; init; }
}
