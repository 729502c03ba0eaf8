namespace Ollama.Platform.Inference.Engine;

/// <summary>Sizes and abilities of a loaded model.</summary>
public sealed record EngineDescription
{
    /// <summary>Cells of the KV cache, of all sequences together.</summary>
    public required int CellCount { get; init; }

    /// <summary>One cache for all sequences, which share its cells; otherwise each has an equal part of them.</summary>
    public bool CacheUnified { get; init; } = true;

    /// <summary>Number of sequence ids; sequences are 0 … this − 1.</summary>
    public required int SequenceCountMax { get; init; }

    /// <summary>Tokens of one call at most (logical batch).</summary>
    public required int BatchTokensMax { get; init; }

    /// <summary>Tokens computed together at most (physical batch); for embeddings the limit of a call.</summary>
    public required int MicroBatchTokensMax { get; init; }

    /// <summary>Entries of a batch that may be marked as output.</summary>
    public required int OutputCountMax { get; init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Length of a vector; for embeddings.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary>Context length that the model was trained with.</summary>
    public required int ContextTokensTrained { get; init; }

    /// <summary>Positions of cached tokens can be moved (context shift).</summary>
    public required bool CanShift { get; init; }

    /// <summary>Cells can be removed at any position (no recurrent state).</summary>
    public required bool CanCut { get; init; }

    /// <summary>
    /// Tokens that some layers see back to; 0 when all see everything. What lies before goes when its room is needed:
    /// <see cref="IEngine.CanContinueAt"/> tells.
    /// </summary>
    public int WindowTokens { get; init; }

    /// <summary>The tokenizer puts a beginning token in front.</summary>
    public required bool AddsBosToken { get; init; }

    /// <summary>The tokenizer appends an end token.</summary>
    public required bool AddsEosToken { get; init; }

    /// <summary>What marks off the texts of a pair to rank.</summary>
    public PairMarks PairMarks { get; init; } = PairMarks.None;

    /// <summary>
    /// Tokens of several inputs to embed that are computed together at most: more gain nothing and take memory. An
    /// input that is longer is computed alone.
    /// </summary>
    public int PackedTokensMax { get; init; } = int.MaxValue;

    /// <summary>Why the draft model was left out; null when it was not, and without one.</summary>
    public string? DraftRefusal { get; init; }

    /// <summary>Bytes of weights, KV cache and compute buffers, on all devices.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>The share of <see cref="TotalBytes"/> on GPUs.</summary>
    public required long VramBytes { get; init; }
}
