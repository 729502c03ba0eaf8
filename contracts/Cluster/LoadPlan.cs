using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Contracts.Cluster;

/// <summary>What to load and how, as a request resolved it. Equal plans have equal <see cref="LoadKey"/>s.</summary>
public sealed record LoadPlan
{
    /// <summary>The model, as its name resolved for this request.</summary>
    public required ModelDescription Model { get; init; }

    /// <summary>Tokens that one sequence may occupy; at least 4.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Nobody asked for this context length: where memory does not suffice, a shorter one will do.</summary>
    public bool ContextAutomatic { get; init; }

    /// <summary>Tokens of one native call at most.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>Layers to place on GPUs; −1 as many as fit.</summary>
    public int GpuLayerCount { get; init; } = -1;

    /// <summary>GPU that holds what cannot be split; null for the first.</summary>
    public int? MainGpu { get; init; }

    /// <summary>Maps the file instead of reading it; null leaves it to the engine.</summary>
    public bool? MemoryMapped { get; init; }

    /// <summary>Threads for computing; 0 for one per physical core, fewer while others compete for them.</summary>
    public int ThreadCount { get; init; }

    /// <summary>How keys and values are kept.</summary>
    public KeyValueType KeyValueType { get; init; }

    /// <summary>Computes attention in one piece; null leaves it to the engine.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Base frequency of rotary positions; 0 for the model's own.</summary>
    public float RopeFrequencyBase { get; init; }

    /// <summary>Scale of rotary frequencies; 0 for the model's own.</summary>
    public float RopeFrequencyScale { get; init; }

    /// <summary>True for a model that turns text into vectors.</summary>
    public bool Embedding { get; init; }

    /// <summary>The draft model to load; null for none.</summary>
    public DraftDescription? Draft { get; init; }
}
