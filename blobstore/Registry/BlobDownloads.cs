using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// The downloads that run in this process, one for each blob however many models want it. A download goes on when
/// those who wait for it leave; it ends with the process.
/// </summary>
internal sealed class BlobDownloads(
    StorePaths paths, StoreLock storeLock, BlobVerdicts verdicts, IOptions<RegistryOptions> options, Retries retries,
    TransferRate rate, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(Digest, long), BlobTransfer> _running = [];

    /// <summary>Begins to bring a blob, or joins those who wait for it already.</summary>
    public BlobTransfer Start(Layer layer, IReadOnlyList<RegistrySession> sources)
    {
        lock (_lock)
        {
            if (_running.TryGetValue((layer.Digest, layer.Size), out var running))
            {
                return running;
            }

            var download = new BlobDownload(
                layer, sources, paths, storeLock, verdicts, options.Value, retries, rate, time);
            var transfer = new BlobTransfer(() => download.CompletedBytes, RunAsync(layer, download));
            _running[(layer.Digest, layer.Size)] = transfer;
            return transfer;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        BlobTransfer[] running;
        lock (_lock)
        {
            running = [.. _running.Values];
        }

        foreach (var transfer in running)
        {
            await transfer.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stopping.Dispose();
    }

    private async Task RunAsync(Layer layer, BlobDownload download)
    {
        // Off the lock, which the end of the download takes again.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await download.RunAsync(_stopping.Token);
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove((layer.Digest, layer.Size));
            }
        }
    }
}

/// <summary>A blob on its way.</summary>
/// <param name="Completed">How much of it is here, in bytes.</param>
/// <param name="Completion">Ends when it is verified and in its place, or fails.</param>
public sealed record BlobTransfer(Func<long> Completed, Task Completion);
