namespace Ollama.Platform.LlamaCpp;

/// <summary>Sizes of a context.</summary>
public sealed record LlamaContextOptions
{
    /// <summary>Cells of the KV cache, shared by all sequences.</summary>
    public required int CellCount { get; init; }

    /// <summary>Number of sequences, 1–256.</summary>
    public required int SequenceCountMax { get; init; }

    /// <summary>Tokens of one call at most.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>Tokens computed together at most.</summary>
    public required int MicroBatchTokens { get; init; }

    /// <summary>Threads to compute with.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>Entries of one call whose results are wanted at most; 0 for all.</summary>
    public int OutputCountMax { get; init; }

    /// <summary>Produces embeddings, pooled as the model says.</summary>
    public bool Embeddings { get; init; }
}
