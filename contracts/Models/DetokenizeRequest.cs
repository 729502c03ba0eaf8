using System.Text.Json;

namespace Ollama.Platform.Contracts.Models;

/// <summary>Tokens of a model to join to a text.</summary>
public sealed record DetokenizeRequest
{
    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>Ids within the model's vocabulary; none are the empty text.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Options by wire name, unchecked; those that take effect at load time matter here.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = GenerationRequest.NoOptions;

    /// <summary>As <see cref="GenerationRequest.KeepAlive"/>.</summary>
    public TimeSpan? KeepAlive { get; init; }
}

/// <summary>The text of a <see cref="DetokenizeRequest"/>.</summary>
public sealed record DetokenizeResult
{
    /// <summary>The text, special tokens included; bytes that are not UTF-8 become U+FFFD.</summary>
    public required string Text { get; init; }

    /// <summary>From the request's arrival to its end.</summary>
    public TimeSpan TotalDuration { get; init; }

    /// <summary>Waiting for the model to be loaded.</summary>
    public TimeSpan LoadDuration { get; init; }
}
