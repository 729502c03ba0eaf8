using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ollama.Platform.Api.Batches;

/// <summary>Deletes files that have expired, also when nobody adds one or lists them.</summary>
internal sealed partial class FileSweep(FileStore files, TimeProvider time, ILogger<FileSweep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await files.ListAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The disk may be back the next time.
                Log.NotSwept(logger, failure);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Files that have expired cannot be deleted.")]
        public static partial void NotSwept(ILogger logger, Exception exception);
    }
}
