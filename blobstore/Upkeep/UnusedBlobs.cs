using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Upkeep;

/// <summary>
/// Removes blobs that no manifest needs. When a manifest cannot be read, nothing is removed: it may need any of them.
/// Callers hold the <see cref="StoreLock"/>.
/// </summary>
public sealed partial class UnusedBlobs(
    StorePaths paths, ManifestFiles manifests, BlobClaims claims, IOptions<BlobStoreOptions> options,
    ILogger<UnusedBlobs> logger)
{
    /// <summary>Removes those of the given blobs that nothing needs any more; returns how many.</summary>
    public int Remove(IReadOnlyCollection<Digest> candidates)
    {
        if (!options.Value.Prunes || candidates.Count == 0)
        {
            return 0;
        }

        if (!manifests.TryListNeeded(out var needed))
        {
            Log.Kept(logger);
            return 0;
        }

        var count = 0;
        foreach (var digest in candidates.Where(digest => !needed.Contains(digest)).Distinct())
        {
            if (claims.RemoveUnlessClaimed(digest, () => DurableFile.Discard(paths.Blob(digest))))
            {
                Log.Removed(logger, digest);
                count++;
            }
        }

        return count;
    }

    /// <summary>Removes all unneeded blobs that were last written before a moment; returns how many.</summary>
    public int RemoveOlder(DateTimeOffset moment) => Remove(
    [
        .. paths.EnumerateBlobs().Where(blob => File.GetLastWriteTimeUtc(blob.Path) < moment.UtcDateTime)
            .Select(blob => blob.Digest),
    ]);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Blob {Digest} was removed: no model needs it.")]
        public static partial void Removed(ILogger logger, Digest digest);

        [LoggerMessage(LogLevel.Warning, "Unneeded blobs are kept: a manifest cannot be read and may need them.")]
        public static partial void Kept(ILogger logger);
    }
}
