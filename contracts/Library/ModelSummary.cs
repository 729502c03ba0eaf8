namespace Ollama.Platform.Contracts.Library;

/// <summary>One entry of the model list.</summary>
public sealed record ModelSummary
{
    /// <summary>The model's name.</summary>
    public required ModelName Name { get; init; }

    /// <summary>Digest of the manifest's bytes.</summary>
    public required Digest ManifestDigest { get; init; }

    /// <summary>When the manifest was written.</summary>
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Bytes of all layers and the config.</summary>
    public long TotalBytes { get; init; }

    /// <summary>Format, family and sizes.</summary>
    public required ModelDetails Details { get; init; }

    /// <summary>What the model can do, in the order of the reference.</summary>
    public IReadOnlyList<ModelCapability> Capabilities { get; init; } = [];

    /// <summary>Server that runs the model instead of this one; null when this one does.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>The model's name on that server.</summary>
    public string? RemoteModel { get; init; }
}
