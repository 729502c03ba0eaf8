using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Runner;

/// <summary>What a runner has loaded.</summary>
public sealed record RunnerDescription
{
    /// <summary>Tokens one sequence, or one input to embed, may occupy.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Sequences decoded together at most.</summary>
    public required int SlotCount { get; init; }

    /// <summary>Cells of the KV cache, of all sequences together.</summary>
    public required int CellCount { get; init; }

    /// <summary>One cache for all sequences, which share its cells; otherwise each has an equal part of them.</summary>
    public bool CacheUnified { get; init; } = true;

    /// <summary>Length of an embedding.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary>The tokenizer puts a beginning token in front.</summary>
    public required bool AddsBosToken { get; init; }

    /// <summary>The tokenizer appends an end token.</summary>
    public required bool AddsEosToken { get; init; }

    /// <summary>What marks off the texts of a pair to rank.</summary>
    public PairMarks PairMarks { get; init; } = PairMarks.None;

    /// <summary>Positions can be moved: a full context may shift.</summary>
    public required bool CanShift { get; init; }

    /// <summary>Weights, KV cache and compute buffers on all devices.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>The share of <see cref="TotalBytes"/> on GPUs.</summary>
    public required long VramBytes { get; init; }

    /// <summary>Why the draft model proposes nothing; null when it does, and without one.</summary>
    public string? DraftRefusal { get; init; }

    /// <summary>How long the load took.</summary>
    public required TimeSpan LoadDuration { get; init; }
}
