using System.Text.Json;

namespace Ollama.Platform.Contracts.Models;

/// <summary>A text to split into the tokens of a model.</summary>
public sealed record TokenizeRequest
{
    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The text; the empty one has no tokens.</summary>
    public required string Text { get; init; }

    /// <summary>Adds the beginning and end tokens that the model wants around a prompt.</summary>
    public bool SpecialAdded { get; init; }

    /// <summary>Reads the text of special tokens as these tokens.</summary>
    public bool SpecialParsed { get; init; } = true;

    /// <summary>Options by wire name, unchecked; those that take effect at load time matter here.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = GenerationRequest.NoOptions;

    /// <summary>As <see cref="GenerationRequest.KeepAlive"/>.</summary>
    public TimeSpan? KeepAlive { get; init; }
}

/// <summary>The tokens of a <see cref="TokenizeRequest"/>.</summary>
public sealed record TokenizeResult
{
    /// <summary>Ids within the model's vocabulary, in order.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>From the request's arrival to its end.</summary>
    public TimeSpan TotalDuration { get; init; }

    /// <summary>Waiting for the model to be loaded.</summary>
    public TimeSpan LoadDuration { get; init; }
}
