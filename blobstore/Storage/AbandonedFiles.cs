using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Removes, at the start of the host, what a crash left half written. A file that was touched within the last hour
/// may belong to another process and is left alone, as Ollama leaves it.
/// </summary>
internal sealed partial class AbandonedFiles(StorePaths paths, TimeProvider time, ILogger<AbandonedFiles> logger)
    : IHostedService
{
    private static readonly TimeSpan IdleMin = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var path in paths.EnumerateTemporary())
        {
            try
            {
                if (time.GetUtcNow() - File.GetLastWriteTimeUtc(path) > IdleMin)
                {
                    File.Delete(path);
                    Log.Removed(logger, path);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // It does no harm where it lies.
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The unfinished file {Path} of an earlier run was removed.")]
        public static partial void Removed(ILogger logger, string path);
    }
}
