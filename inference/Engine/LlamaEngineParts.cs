using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.Inference.Engine;

/// <summary>What an engine is made of and owns from then on.</summary>
internal sealed record LlamaEngineParts
{
    /// <summary>The weights.</summary>
    public required LlamaModel Model { get; init; }

    /// <summary>The context, which is made of the weights.</summary>
    public required LlamaContext Context { get; init; }

    /// <summary>What the context was made with; null where it is never made anew.</summary>
    public LlamaContextOptions? Sizes { get; init; }

    /// <summary>The bytes of every token.</summary>
    public required PieceTable Pieces { get; init; }

    /// <summary>True for a model that turns text into vectors.</summary>
    public bool Embedding { get; init; }

    /// <summary>How many threads compute; null when that number is fixed.</summary>
    public GovernedThreads? Threads { get; init; }

    /// <summary>The model that proposes tokens; null for none.</summary>
    public LlamaEngine? Draft { get; init; }

    /// <summary>Why that was left out; null when it was not, and without one.</summary>
    public string? DraftRefusal { get; init; }
}
