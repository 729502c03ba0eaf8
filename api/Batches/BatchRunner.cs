using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Batches;

/// <summary>
/// Runs batches: each has a task, and their requests share a limited number of places. What had not ended when the
/// server stopped goes on when it starts. Any thread.
/// </summary>
internal sealed partial class BatchRunner(
    BatchStore batches, BatchTask task, IOptions<ApiOptions> options, ILogger<BatchRunner> logger)
    : IHostedService, IDisposable
{
    private readonly Lock _turn = new();
    private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private Task _resuming = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _resuming = ResumeAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        Task[] all;
        lock (_turn)
        {
            all = [_resuming, .. _running.Values.Select(running => running.Task)];
        }

        await Task.WhenAll(all).WaitAsync(cancellationToken);
    }

    /// <summary>There is room for another batch.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public void CheckRoom()
    {
        lock (_turn)
        {
            if (_running.Count >= options.Value.Batches.UnfinishedCountMax)
            {
                throw new ModelException(ModelErrorCode.QueueFull);
            }
        }
    }

    /// <summary>Runs a batch, if it does not run yet.</summary>
    public void Start(BatchRecord record)
    {
        lock (_turn)
        {
            if (!_running.ContainsKey(record.Batch.Id) && !_stopping.IsCancellationRequested)
            {
                var running = new Running();
                _running[record.Batch.Id] = running;
                running.Task = Task.Run(() => RunAsync(record, running), CancellationToken.None);
            }
        }
    }

    /// <summary>Ends the requests of a batch; its task notes that.</summary>
    public async Task CancelAsync(string id)
    {
        Running? running;
        lock (_turn)
        {
            running = _running.GetValueOrDefault(id);
        }

        if (running is not null)
        {
            await running.Canceled.CancelAsync();
        }
    }

    /// <summary>A batch with what has become of its requests up to now.</summary>
    public BatchWire Count(BatchWire batch)
    {
        lock (_turn)
        {
            return _running.GetValueOrDefault(batch.Id)?.Progress is { } progress && !BatchStatus.IsFinal(batch.Status)
                ? batch with { RequestCounts = progress.Count(batch.RequestCounts.Total) }
                : batch;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task ResumeAsync()
    {
        try
        {
            foreach (var record in await batches.ListAsync(_stopping.Token))
            {
                if (!BatchStatus.IsFinal(record.Batch.Status))
                {
                    Log.Resumed(logger, record.Batch.Id);
                    Start(record);
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The server serves without its old batches; they go on at another start.
            Log.NotResumed(logger, failure);
        }
        catch (OperationCanceledException)
        {
            // The server stops while it starts.
        }
    }

    private async Task RunAsync(BatchRecord record, Running running)
    {
        try
        {
            await task.RunAsync(
                record, progress => running.Progress = progress, running.Canceled.Token, _stopping.Token);
        }
        finally
        {
            lock (_turn)
            {
                _running.Remove(record.Batch.Id);
            }
        }
    }

    /// <summary>A batch whose task has begun.</summary>
    private sealed class Running
    {
        // Never disposed, as it has neither a timer nor a handle: whoever cancels may come at any time.
        public CancellationTokenSource Canceled { get; } = new();

        public Task Task { get; set; } = Task.CompletedTask;

        public volatile BatchProgress? Progress;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The batch {Id} goes on.")]
        public static partial void Resumed(ILogger logger, string id);

        [LoggerMessage(LogLevel.Error, "Batches that had not ended cannot be found.")]
        public static partial void NotResumed(ILogger logger, Exception exception);
    }
}
