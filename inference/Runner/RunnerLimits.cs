namespace Ollama.Platform.Inference.Runner;

/// <summary>Bounds of a runner that requests do not choose.</summary>
internal static class RunnerLimits
{
    /// <summary>Tokens that a sequence may be ahead of its reader.</summary>
    public const int CreditTokens = 512;

    /// <summary>Tokens after which a reader gives credit back: rarely, but long before the sequence runs out.</summary>
    public const int CreditReturnTokens = CreditTokens / 4;

    /// <summary>Sequences that may wait besides those in slots; fairness is decided before the runner.</summary>
    public const int QueueLengthMin = 4;

    /// <summary>How long a runner may take to end when it is told to; after that it is ended.</summary>
    public static readonly TimeSpan UnloadTimeMax = TimeSpan.FromSeconds(10);

    /// <summary>Texts that may be split or joined at the same time, or wait for it.</summary>
    public const int CallCountMax = 1024;

    /// <summary>
    /// Bytes of a text that may be split or joined: its tokens, four bytes each, must fit into a frame as well.
    /// </summary>
    public const int TextBytesMax = 32 * 1024 * 1024;

    /// <summary>Tokens of the inputs that are embedded at once, for the same reason.</summary>
    public const int InputTokensMax = 32 * 1024 * 1024;

    /// <summary>Bytes of the vectors that are computed at once.</summary>
    public const int VectorBytesMax = 128 * 1024 * 1024;

    /// <summary>Alternatives that a token's log-probability may come with.</summary>
    public const int TopLogProbCountMax = 20;

    /// <summary>Keys that adapters may be loaded under at a time.</summary>
    public const int AdapterKeyCountMax = 256;

    /// <summary>Stop sequences of one request.</summary>
    public const int StopSequenceCountMax = 1024;
}
