using System.Runtime.CompilerServices;
using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Upkeep;

/// <summary>
/// Reads every manifest and every byte of every blob, and tells what is wrong with them. Changes nothing but the time
/// of damaged blobs, and may run beside a server: what is deleted meanwhile is no finding.
/// </summary>
public sealed class StoreCheck(StorePaths paths, ManifestFiles manifests)
{
    /// <summary>The findings, as they are made; none means that every model is whole.</summary>
    public async IAsyncEnumerable<StoreFinding> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var needed = new Dictionary<Digest, List<ModelName>>();
        var sizes = new Dictionary<Digest, long>();
        foreach (var name in ManifestNames.Enumerate(paths.Manifests))
        {
            if (Read(name, out var manifest) is { } finding)
            {
                yield return finding;
                continue;
            }

            foreach (var layer in manifest?.Manifest.Layers.Append(manifest.Manifest.Config) ?? [])
            {
                sizes[layer.Digest] = layer.Size;
                (needed.TryGetValue(layer.Digest, out var models) ? models : needed[layer.Digest] = []).Add(name);
            }
        }

        foreach (var (digest, models) in needed)
        {
            if (await CheckBlobAsync(digest, sizes[digest], cancellationToken) is { } finding
                && models.Where(Exists).ToList() is { Count: > 0 } concerned)
            {
                yield return finding with { Models = concerned };
            }
        }

        foreach (var (path, digest) in paths.EnumerateBlobs())
        {
            if (!needed.ContainsKey(digest))
            {
                yield return new StoreFinding(
                    StoreFindingKind.Unneeded, path, "No model needs this blob.", [], new FileInfo(path).Length);
            }
        }

        foreach (var path in paths.EnumerateTemporary())
        {
            yield return new StoreFinding(
                StoreFindingKind.Unfinished, path, "The file was never finished.", [], new FileInfo(path).Length);
        }
    }

    private StoreFinding? Read(ModelName name, out StoredManifest? manifest)
    {
        manifest = null;
        try
        {
            manifest = manifests.Read(name);
            return null;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return new StoreFinding(
                StoreFindingKind.ManifestDamaged, paths.Manifest(name), failure.Message, [name]);
        }
    }

    private bool Exists(ModelName name) => File.Exists(paths.Manifest(name));

    private async Task<StoreFinding?> CheckBlobAsync(Digest digest, long bytes, CancellationToken cancellationToken)
    {
        var path = paths.Blob(digest);
        try
        {
            using var file = FileDigest.Open(path);
            var actual = await FileDigest.ReadAsync(file, cancellationToken);
            if (actual != digest)
            {
                Touch(path);
                return Damaged($"The content has the digest {actual}.");
            }

            var length = RandomAccess.GetLength(file);
            return length == bytes ? null : Damaged($"The blob has {length} bytes, its manifest says {bytes}.");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return new StoreFinding(StoreFindingKind.BlobMissing, path, "The blob is missing.", []);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Damaged(failure.Message);
        }

        StoreFinding Damaged(string text) => new(StoreFindingKind.BlobDamaged, path, text, []);
    }

    /// <summary>
    /// A server trusts a blob that it has read for as long as the blob's time stays the same: now it reads it again
    /// when somebody pulls or creates the model, and replaces it.
    /// </summary>
    private static void Touch(string path)
    {
        try
        {
            // The coarsest file system met in practice keeps times to two seconds.
            File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(2));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A store that cannot be written keeps its damage until it can.
        }
    }
}
