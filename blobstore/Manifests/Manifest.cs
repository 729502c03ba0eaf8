using System.Text.Json.Serialization;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Manifests;

/// <summary>The JSON that lists what a model is made of.</summary>
public sealed record Manifest
{
    private readonly IReadOnlyList<Layer> _layers = [];

    /// <summary>Always 2.</summary>
    public int SchemaVersion { get; init; } = 2;

    /// <summary>What the JSON is; one of OCI's need not say it, and then its config does.</summary>
    public string MediaType
    {
        get => field ?? (Config?.MediaType?.StartsWith(MediaTypes.OciPrefix, StringComparison.Ordinal) == true
            ? MediaTypes.OciManifest
            : MediaTypes.Manifest);
        init;
    }

    /// <summary>The config blob.</summary>
    public required Layer Config { get; init; }

    /// <summary>The layers in order; a manifest that says null has none.</summary>
    public IReadOnlyList<Layer> Layers
    {
        get => _layers;
        init => _layers = value ?? [];
    }

    /// <summary>All blobs that the model is made of, the config last; one can appear twice.</summary>
    [JsonIgnore]
    public IEnumerable<Digest> Digests => Layers.Append(Config).Select(layer => layer.Digest);
}

/// <summary>One entry of a manifest.</summary>
public sealed record Layer
{
    /// <summary>What the blob holds.</summary>
    public string MediaType { get; init; } = "";

    /// <summary>The blob.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Length of the blob in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The model that the layer was taken from; null when it was made here.</summary>
    public string? From { get; init; }

    /// <summary>Name of the tensor or file that the layer holds; null for most.</summary>
    public string? Name { get; init; }
}
