using System.Text.Json;

namespace Ollama.Platform.Contracts.Models;

/// <summary>Asks for a model to be loaded and kept.</summary>
public sealed record LoadRequest
{
    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>What the model will be used for; a model without that capability is refused.</summary>
    public required GenerationKind Kind { get; init; }

    /// <summary>Options by wire name; those that take effect at load time matter here.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = GenerationRequest.NoOptions;

    /// <summary>As <see cref="GenerationRequest.KeepAlive"/>.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>Whether the context may shift; null takes the model's default.</summary>
    public bool? Shift { get; init; }
}
