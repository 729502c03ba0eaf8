using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Upkeep;

/// <summary>
/// Makes models appear, change and disappear, each in one step that no other process comes between: a model that is
/// listed has all its blobs, and a blob goes with the last model that needs it.
/// </summary>
public sealed class ModelWriter(
    StorePaths paths, StoreLock storeLock, ManifestFiles manifests, UnusedBlobs unused, BlobVerdicts verdicts)
{
    /// <summary>
    /// Writes a manifest whose blobs are all here, and removes what only the one in its place needed.
    /// </summary>
    /// <param name="name">The model.</param>
    /// <param name="bytes">The manifest, which is kept byte for byte.</param>
    /// <param name="claim">What kept the blobs until now; ended once the manifest does. Null for none.</param>
    /// <param name="cancellationToken">Ends the waiting; what has begun is finished.</param>
    /// <exception cref="JsonException">The bytes are no manifest.</exception>
    /// <exception cref="BlobMissingException">A blob is not here.</exception>
    /// <exception cref="BlobStorageException">The disk refused.</exception>
    public async Task<StoredManifest> WriteAsync(
        ModelName name, ReadOnlyMemory<byte> bytes, BlobClaim? claim, CancellationToken cancellationToken)
    {
        using var turn = await storeLock.EnterAsync(cancellationToken);
        foreach (var digest in ManifestJson.ReadManifest(bytes.Span).Digests)
        {
            if (!File.Exists(paths.Blob(digest)))
            {
                throw new BlobMissingException(digest);
            }
        }

        return await ReplaceAsync(name, bytes, claim, cancellationToken);
    }

    /// <summary>
    /// Writes a manifest that a client sent, whose blobs must be whole: the client was told that they are here, and
    /// would never send them again.
    /// </summary>
    /// <exception cref="JsonException">The bytes are no manifest.</exception>
    /// <exception cref="BlobMissingException">A blob is not here, or damaged.</exception>
    /// <exception cref="BlobStorageException">The disk refused.</exception>
    public async Task<StoredManifest> WriteVerifiedAsync(
        ModelName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // Before its turn: a blob that nobody has read yet takes its time.
        foreach (var digest in ManifestJson.ReadManifest(bytes.Span).Digests)
        {
            if (!await verdicts.IsWholeAsync(digest, cancellationToken))
            {
                throw new BlobMissingException(digest);
            }
        }

        return await WriteAsync(name, bytes, claim: null, cancellationToken);
    }

    /// <summary>Writes a manifest made here.</summary>
    /// <inheritdoc cref="WriteAsync(ModelName, ReadOnlyMemory{byte}, BlobClaim, CancellationToken)"/>
    public Task<StoredManifest> WriteAsync(
        ModelName name, Manifest manifest, BlobClaim? claim, CancellationToken cancellationToken) =>
        WriteAsync(name, ManifestJson.Write(manifest), claim, cancellationToken);

    /// <summary>Gives a model a second name; false when there is no such model.</summary>
    /// <exception cref="JsonException">The manifest cannot be read.</exception>
    /// <exception cref="BlobStorageException">The disk refused.</exception>
    public async Task<bool> CopyAsync(ModelName source, ModelName destination, CancellationToken cancellationToken)
    {
        using var turn = await storeLock.EnterAsync(cancellationToken);
        if (manifests.Read(source) is not { } manifest)
        {
            return false;
        }

        if (manifests.Canonicalize(destination) != manifest.Name)
        {
            await ReplaceAsync(destination, manifest.Bytes, claim: null, cancellationToken);
        }

        return true;
    }

    /// <summary>
    /// Deletes a model, one whose manifest is damaged as well, with the blobs that only it needed; false when there is
    /// none.
    /// </summary>
    /// <exception cref="BlobStorageException">The disk refused.</exception>
    public async Task<bool> DeleteAsync(ModelName name, CancellationToken cancellationToken)
    {
        using var turn = await storeLock.EnterAsync(cancellationToken);
        var needed = TryRead(name)?.Manifest.Digests.ToList() ?? [];
        try
        {
            if (!manifests.Delete(name))
            {
                return false;
            }
        }
        catch (Exception failure) when (DurableFile.Explain(failure) is { } refusal)
        {
            throw refusal;
        }

        unused.Remove(needed);
        return true;
    }

    private async Task<StoredManifest> ReplaceAsync(
        ModelName name, ReadOnlyMemory<byte> bytes, BlobClaim? claim, CancellationToken cancellationToken)
    {
        var before = TryRead(name)?.Manifest.Digests.ToList() ?? [];
        var written = await manifests.WriteAsync(name, bytes, cancellationToken);
        claim?.Dispose();
        unused.Remove(before);
        return written;
    }

    private StoredManifest? TryRead(ModelName name)
    {
        try
        {
            return manifests.Read(name);
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
