using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>
/// Lists the models once when the server is up, so that the first client that asks does not wait for what was never
/// read before. Runs on the pool; nobody waits for it but the host that stops.
/// </summary>
internal sealed partial class ListAtStart(
    ILibrary library, IOptions<LocalLibraryOptions> options, ILogger<ListAtStart> logger)
    : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _listing = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _listing = options.Value.ListedAtStart ? ListAsync() : Task.CompletedTask;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _listing;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task ListAsync()
    {
        try
        {
            await library.ListAsync(_stopping.Token);
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // Whoever asks for the list is told.
            Log.Failed(logger, failure.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The models were not listed at the start: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
