using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Contracts.Models;

/// <summary>A loaded model, as <c>/api/ps</c> shows it; several names may share what is loaded.</summary>
public sealed record LoadedModelStatus
{
    /// <summary>Shortest display name with tag.</summary>
    public required string Name { get; init; }

    /// <summary>Digest of the model's manifest, 64 hex digits.</summary>
    public required string ManifestDigestHex { get; init; }

    /// <summary>Format, family and sizes.</summary>
    public required ModelDetails Details { get; init; }

    /// <summary>Weights, adapters, KV cache and compute buffers on all devices.</summary>
    public long TotalBytes { get; init; }

    /// <summary>The share of <see cref="TotalBytes"/> that lies on GPUs.</summary>
    public long VramBytes { get; init; }

    /// <summary>Tokens one sequence may occupy.</summary>
    public int ContextTokens { get; init; }

    /// <summary>When keep-alive ends; null for never. Slides while requests run.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
