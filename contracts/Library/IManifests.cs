namespace Ollama.Platform.Contracts.Library;

/// <summary>The port to manifests as a registry deals in them: as bytes, which are never written anew.</summary>
public interface IManifests
{
    /// <summary>The manifest of a name in any spelling; null when there is none.</summary>
    /// <exception cref="Errors.ModelException">The manifest is damaged.</exception>
    Task<ManifestContent?> FindAsync(ModelName name, CancellationToken cancellationToken);

    /// <summary>The names of all manifests; those that cannot be read are left out.</summary>
    Task<IReadOnlyList<ModelName>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Writes a manifest, in place of any of that name, and returns it as stored.</summary>
    /// <exception cref="Errors.ModelException">The bytes are no manifest of one model; nothing changed.</exception>
    /// <exception cref="Blobs.BlobMissingException">A blob that it names is not here; nothing changed.</exception>
    /// <exception cref="Blobs.BlobStorageException">The disk refused; nothing changed.</exception>
    Task<ManifestContent> WriteAsync(
        ModelName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}

/// <summary>A manifest as it is stored.</summary>
/// <param name="Name">The name in the spelling of the store.</param>
/// <param name="Digest">SHA-256 of the bytes.</param>
/// <param name="MediaType">What the bytes say they are.</param>
/// <param name="Bytes">The bytes.</param>
public sealed record ManifestContent(ModelName Name, Digest Digest, string MediaType, ReadOnlyMemory<byte> Bytes);
