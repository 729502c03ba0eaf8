using Ollama.Platform.Contracts.Cluster;

namespace Ollama.Platform.Inference.Engine;

/// <summary>What to load and how; equal specifications give interchangeable replicas.</summary>
public sealed record LoadSpecification
{
    /// <summary>Absolute path of the weights, a GGUF file that was validated before.</summary>
    public required string WeightsPath { get; init; }

    /// <summary>
    /// Absolute path of a smaller model with the same vocabulary that proposes tokens; null for none.
    /// </summary>
    public string? DraftPath { get; init; }

    /// <summary>True for a model that turns text into vectors.</summary>
    public bool Embedding { get; init; }

    /// <summary>Tokens that one sequence may occupy.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Sequences decoded together at most.</summary>
    public required int SlotCount { get; init; }

    /// <summary>
    /// Cells of the KV cache where it is unified; at least <see cref="ContextTokens"/>. 0 for as many as all
    /// sequences can occupy together.
    /// </summary>
    public int CellCount { get; init; }

    /// <summary>
    /// One KV cache for all sequences, which share its cells. Otherwise each has one of its own for
    /// <see cref="ContextTokens"/>: more memory, but attention walks over nobody else's cells.
    /// </summary>
    public bool CacheUnified { get; init; } = true;

    /// <summary>Cells of the KV cache to reserve.</summary>
    public long CellsWanted => CellCount > 0 && CacheUnified
        ? Math.Max(CellCount, ContextTokens)
        : (long)ContextTokens * SlotCount;

    /// <summary>Tokens of one native call at most.</summary>
    public int BatchTokens { get; init; } = 512;

    /// <summary>Layers to place on GPUs; −1 as many as fit.</summary>
    public int GpuLayerCount { get; init; } = -1;

    /// <summary>The GPU that holds the model; null for the one with most free memory, or several.</summary>
    public int? MainGpu { get; init; }

    /// <summary>Uses all GPUs for a model that one could hold.</summary>
    public bool GpusSpread { get; init; }

    /// <summary>Memory of each GPU that is left to others.</summary>
    public long GpuOverheadBytes { get; init; }

    /// <summary>Maps the file instead of reading it; null leaves it to the library.</summary>
    public bool? MemoryMapped { get; init; }

    /// <summary>
    /// Threads for computing, at all times; 0 for one per physical core, and fewer while others compete for them.
    /// </summary>
    public int ThreadCount { get; init; }

    /// <summary>How keys and values are kept; all but floats need flash attention.</summary>
    public KeyValueType KeyValueType { get; init; } = KeyValueType.F16;

    /// <summary>Computes attention in one piece; null where the device does it well.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Base frequency of rotary positions; 0 for the model's own.</summary>
    public float RopeFrequencyBase { get; init; }

    /// <summary>Scale of rotary frequencies; 0 for the model's own.</summary>
    public float RopeFrequencyScale { get; init; }

    /// <summary>
    /// Time between two tokens of a running sequence that prompts of others may cause; 0 or less for no limit.
    /// </summary>
    public TimeSpan TokenDelayMax { get; init; }

    /// <summary>Bytes of RAM for prompts that have no slot any more; 0 keeps none.</summary>
    public long PrefixCacheBytes { get; init; }
}
