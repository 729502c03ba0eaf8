using System.Text.Json;

namespace Ollama.Platform.Contracts.Models;

/// <summary>Texts, or their tokens, to turn into vectors.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The texts; an empty list, and no tokens either, only loads the model.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Inputs that are tokens already, behind the texts. Taken as they are: nothing is added.</summary>
    public IReadOnlyList<IReadOnlyList<int>> TokenInputs { get; init; } = [];

    /// <summary>Cuts inputs that exceed the context length; when false they are refused.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>Keeps the first so many components and normalises again; null keeps all.</summary>
    public int? DimensionCount { get; init; }

    /// <summary>Scales each vector to length 1.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Options by wire name, unchecked.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = GenerationRequest.NoOptions;

    /// <summary>As <see cref="GenerationRequest.KeepAlive"/>.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>As <see cref="GenerationRequest.Priority"/>, while it waits for the model.</summary>
    public int Priority { get; init; }

    /// <summary>As <see cref="GenerationRequest.Deadline"/>.</summary>
    public TimeSpan? Deadline { get; init; }
}

/// <summary>The vectors of an <see cref="EmbeddingRequest"/>.</summary>
public sealed record EmbeddingResult
{
    /// <summary>One vector for each input, in order; those of texts come first.</summary>
    public required IReadOnlyList<float[]> Vectors { get; init; }

    /// <summary>Tokens of all inputs together.</summary>
    public int PromptTokenCount { get; init; }

    /// <summary>From the request's arrival to the last vector.</summary>
    public TimeSpan TotalDuration { get; init; }

    /// <summary>Waiting for the model to be loaded.</summary>
    public TimeSpan LoadDuration { get; init; }
}
