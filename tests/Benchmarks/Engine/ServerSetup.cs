namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>How a server is started for a case, on both sides.</summary>
internal sealed record ServerSetup
{
    /// <summary>Sequences side by side; null for what ours chooses, and one for the peer.</summary>
    public int? SlotCount { get; init; }

    /// <summary>Tokens that each may occupy.</summary>
    public int ContextTokens { get; init; } = RawLoop.ContextTokens;

    /// <summary>Threads that compute.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>
    /// The peer keeps all sequences in one cache, its best setting, instead of one for each, as Ollama starts it.
    /// </summary>
    public bool PeerIsUnified { get; init; } = true;

    /// <summary>Whether ours keeps all sequences in one cache; null for what it chooses.</summary>
    public bool? OursIsUnified { get; init; }

    /// <summary>Ours is told at its start which model it will need, as the peer always is.</summary>
    public bool Preloads { get; init; }

    /// <summary>The model makes vectors.</summary>
    public bool Embeds { get; init; }
}
