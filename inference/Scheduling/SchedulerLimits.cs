namespace Ollama.Platform.Inference.Scheduling;

/// <summary>The sizes that the scheduler decides within; constant.</summary>
internal sealed record SchedulerLimits
{
    /// <summary>Sequences decoded together at most.</summary>
    public required int SlotCount { get; init; }

    /// <summary>Cells of the KV cache, of all slots together.</summary>
    public required int CellCount { get; init; }

    /// <summary>
    /// The slots share the cells; otherwise each has those of <see cref="ContextTokens"/>, and what another one has
    /// computed is copied.
    /// </summary>
    public bool CacheUnified { get; init; } = true;

    /// <summary>Tokens that one sequence may occupy.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Tokens of one batch at most.</summary>
    public required int BatchTokensMax { get; init; }

    /// <summary>Sequences that may wait for a slot.</summary>
    public required int QueueLengthMax { get; init; }

    /// <summary>Cells kept free for each running sequence to grow into before another one is admitted.</summary>
    public int GrowthTokens { get; init; } = 64;

    /// <summary>
    /// Time between two tokens of a running sequence that prompts of others may cause; 0 or less for no limit.
    /// </summary>
    public TimeSpan TokenDelayMax { get; init; }

    /// <summary>Common first tokens that are worth waiting for, or fetching from RAM.</summary>
    public int PrefixTokensMin { get; init; } = 16;

    /// <summary>Common first tokens whose slot is gone on with: less than computing any of them costs.</summary>
    public int KeptTokensMin { get; init; } = 4;

    /// <summary>Common first tokens whose cells another slot is given.</summary>
    public int SharedTokensMin { get; init; } = 4;

    /// <summary>Tokens of one sequence, besides those that others hold too, from which on its cells are kept in
    /// RAM.</summary>
    public int SavedTokensMin { get; init; } = 32;

    /// <summary>Bytes of RAM for cells beyond their slots; 0 keeps none.</summary>
    public long PrefixCacheBytes { get; init; }

    /// <summary>
    /// Cells that sequences without a slot may hold before they move to RAM: attention walks over them at every token.
    /// With 256, sixteen short prompts that come again together lose theirs to each other.
    /// </summary>
    public int IdleCellsMax { get; init; } = 1024;

    /// <summary>
    /// Tokens of a prompt from which on it is worth to move all idle cells out of its way: copying a cell out and back
    /// costs no more than some forty tokens do that step over it.
    /// </summary>
    public int LongPromptTokens { get; init; } = 128;

    /// <summary>Entries of a batch that may be marked as output; at least the number of slots.</summary>
    public int OutputCountMax { get; init; } = 32;
}
