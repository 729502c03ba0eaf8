using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>How a <see cref="ScriptedEngine"/> behaves.</summary>
public sealed record ScriptedEngineOptions
{
    public int Seed { get; init; } = 1;

    public int CellCount { get; init; } = 1024;

    /// <summary>Cells that the description promises but that do not exist.</summary>
    public int MissingCellCount { get; init; }

    /// <summary>All sequences share the cells; otherwise each has an equal part.</summary>
    public bool CacheUnified { get; init; } = true;

    public int SequenceCountMax { get; init; } = 8;

    public int BatchTokensMax { get; init; } = 64;

    public int MicroBatchTokensMax { get; init; } = 64;

    public int PackedTokensMax { get; init; } = int.MaxValue;

    public int EmbeddingLength { get; init; } = 8;

    public bool CanShift { get; init; } = true;

    public bool CanCut { get; init; } = true;

    public bool AddsBosToken { get; init; }

    /// <summary>The bytes of each token; by default one token for each byte, then the end token.</summary>
    public IReadOnlyList<byte[]>? Pieces { get; init; }

    /// <summary>Tokens that end a sequence; by default the last one.</summary>
    public IReadOnlyList<int>? EndTokens { get; init; }

    /// <summary>One in so many histories is followed by the end token; 0 for none.</summary>
    public int EndEvery { get; init; } = 40;

    /// <summary>
    /// A text that is always answered: each token continues the longest beginning of it that the history ends with,
    /// then the end token comes. Needs the default pieces.
    /// </summary>
    public string? Reply { get; init; }

    /// <summary>
    /// The next token after a history; overrides everything else. −1 leaves it to the seed, −2 makes all logits NaN.
    /// </summary>
    public Func<int[], int>? Script { get; init; }

    /// <summary>A model that proposes; null for none.</summary>
    public ScriptedEngineOptions? Draft { get; init; }

    /// <summary>Called before each batch is computed; may decide its outcome.</summary>
    public Func<EngineBatch, StepOutcome?>? Interfere { get; init; }
}
