using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Blobs;

namespace Ollama.Platform.BlobStore.Upkeep;

/// <summary>
/// Puts the store in order at the start of the host: blobs under their old names get the new ones, what a crash left
/// half written goes, and so do blobs that no model needs. A file that was touched within the last hour may belong to
/// another process or to a create that is yet to come, and is left alone, as Ollama leaves it.
/// </summary>
internal sealed partial class StoreUpkeep(
    StorePaths paths, StoreLock storeLock, UnusedBlobs unused, TimeProvider time, ILogger<StoreUpkeep> logger)
    : IHostedService
{
    private static readonly TimeSpan IdleMin = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(paths.Blobs) && !Directory.Exists(paths.Manifests))
        {
            return;
        }

        try
        {
            using var turn = await storeLock.EnterAsync(cancellationToken);
            RenameOld();
            RemoveUnfinished();
            unused.RemoveOlder(time.GetUtcNow() - IdleMin);
        }
        catch (Exception failure) when (
            failure is BlobStorageException or IOException or UnauthorizedAccessException)
        {
            // A store that cannot be written can be served as it is.
            Log.Skipped(logger, failure.Message);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void RenameOld()
    {
        foreach (var (old, digest) in paths.EnumerateOldBlobs().ToList())
        {
            if (File.Exists(paths.Blob(digest)))
            {
                File.Delete(old);
            }
            else
            {
                File.Move(old, paths.Blob(digest));
            }

            Log.Renamed(logger, old);
        }
    }

    private void RemoveUnfinished()
    {
        foreach (var path in paths.EnumerateTemporary().ToList())
        {
            // Of a download that takes hours, the records of its first ranges are old when it breaks off.
            var touchedAt = File.GetLastWriteTimeUtc(StorePaths.GatheredFile(path));
            if (time.GetUtcNow() - touchedAt > IdleMin)
            {
                File.Delete(path);
                Log.Removed(logger, path);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The unfinished file {Path} of an earlier run was removed.")]
        public static partial void Removed(ILogger logger, string path);

        [LoggerMessage(LogLevel.Information, "The blob {Path} got the name that it has today.")]
        public static partial void Renamed(ILogger logger, string path);

        [LoggerMessage(LogLevel.Warning, "The store was not put in order: {Reason}")]
        public static partial void Skipped(ILogger logger, string reason);
    }
}
