using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Batches.Wire;

/// <summary>A file, without its bytes.</summary>
internal sealed record FileWire
{
    /// <summary>Names it.</summary>
    public required string Id { get; init; }

    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "file";

    /// <summary>Its length.</summary>
    public required long Bytes { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Seconds since 1970; it is deleted then.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>What the client called it.</summary>
    [JsonPropertyName("filename")]
    public required string FileName { get; init; }

    /// <summary><c>batch</c>, or <c>batch_output</c> for results.</summary>
    public required string Purpose { get; init; }

    /// <summary>Always the same; clients wait for it.</summary>
    public string Status { get; init; } = "processed";

    /// <summary>Never given.</summary>
    public string? StatusDetails { get; init; }
}
