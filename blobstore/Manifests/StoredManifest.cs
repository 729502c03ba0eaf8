using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Manifests;

/// <summary>A manifest as it lies on disk.</summary>
/// <param name="Name">The name in the spelling of the disk.</param>
/// <param name="Digest">SHA-256 of the bytes.</param>
/// <param name="Manifest">What the bytes say.</param>
/// <param name="Bytes">The bytes themselves; a registry must serve exactly these.</param>
/// <param name="ModifiedAt">When the file was written.</param>
public sealed record StoredManifest(
    ModelName Name, Digest Digest, Manifest Manifest, ReadOnlyMemory<byte> Bytes, DateTimeOffset ModifiedAt)
{
    /// <summary>What a list needs of it.</summary>
    public ManifestHead Head => new(Name, Digest, TotalBytes, ModifiedAt);

    /// <summary>Bytes of all layers and the config.</summary>
    public long TotalBytes => Manifest.Layers.Sum(layer => layer.Size) + Manifest.Config.Size;

    /// <summary>The first layer of a media type; null when there is none.</summary>
    public Layer? Find(string mediaType) => Manifest.Layers.FirstOrDefault(layer => layer.MediaType == mediaType);

    /// <summary>All layers of a media type, in order.</summary>
    public IEnumerable<Layer> FindAll(string mediaType) =>
        Manifest.Layers.Where(layer => layer.MediaType == mediaType);
}
