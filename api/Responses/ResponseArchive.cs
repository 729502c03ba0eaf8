using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Records;
using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.Api.Responses;

/// <summary>
/// Keeps on the disk what <see cref="ResponseStore"/> keeps in memory, so that a restart forgets nothing: a record a
/// response, written behind the answer. When the disk refuses, responses are kept in memory alone.
/// </summary>
internal sealed partial class ResponseArchive(
    ResponseStore store, IRecords records, BackgroundResponses background, TimeProvider time,
    IOptions<ApiOptions> options, ILogger<ResponseArchive> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);

    // Writing takes a twentieth of the time at most: where hundreds of responses come in a second, answers are what
    // counts, and most have made room for others before their turn.
    private const int PausePerWrite = 19;
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    // Records outlive what they hold, so that it is there to be deleted; the rest is for those whom nobody deletes.
    private static readonly TimeSpan RecordTimeExtra = TimeSpan.FromHours(1);

    private readonly RecordTable<ResponseRecord> _records =
        new(records, "response", ResponseIds.Prefix, ResponseRecordJson.Default.ResponseRecord);

    // One change at a time, so that what is forgotten is not written once more.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private ITimer? _sweeping;
    private bool _isRefused;

    private ResponseOptions Limits => options.Value.Responses;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Whoever asks for nothing that was kept need not wait for it.
        _loading = Task.Run(LoadAsync, CancellationToken.None);
        _writing = Task.Run(WriteAllAsync, CancellationToken.None);

        // What has expired goes, even when nothing else happens.
        _sweeping = time.CreateTimer(_ => store.Settle(response: null), null, SweepPeriod, SweepPeriod);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_sweeping is not null)
        {
            await _sweeping.DisposeAsync();
        }

        await _stopping.CancelAsync();
        try
        {
            await _loading.WaitAsync(cancellationToken);
        }
        finally
        {
            // Whoever writes need not wait for ever, even when loading takes too long.
            store.Changes.End();
        }

        await _writing.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until the store has what was kept when the server started.</summary>
    public Task LoadedAsync(CancellationToken cancellationToken) => _loading.WaitAsync(cancellationToken);

    /// <summary>Removes a response that the store has forgotten, before whoever wanted that is answered.</summary>
    public async Task ForgetAsync(StoredResponse response, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _records.DeleteAsync(response.Response.Id, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _turn.Dispose();
        _stopping.Dispose();
    }

    private async Task LoadAsync()
    {
        try
        {
            await LoadAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The server stops while it starts.
        }
        catch (Exception failure)
        {
            // The server serves without its old responses.
            Log.NotLoaded(logger, failure);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var kept = await _records.ListAsync(cancellationToken);
        foreach (var record in kept.OrderBy(record => record.CreatedAt))
        {
            try
            {
                if (!await ResumeAsync(record, cancellationToken))
                {
                    store.Restore(record.ToStored(Limits.EventBytesMax, time));
                }
            }
            catch (InvalidDataException failure)
            {
                Log.Damaged(logger, record.Response.Id, failure);
            }
        }

        store.Settle(response: null);
    }

    // What nobody had begun goes on here, unless another server that started beside this one was first.
    private async Task<bool> ResumeAsync(ResponseRecord record, CancellationToken cancellationToken)
    {
        if (record.Work is not { } work || !store.IsOn || TimeLeft(record.CreatedAt) <= TimeSpan.Zero)
        {
            return false;
        }

        var isFirst = false;
        await _records.UpdateAsync(
            record.Response.Id,
            now => (isFirst = now.Work is not null) ? now with { Work = null } : now,
            now => TimeLeft(now.CreatedAt) + RecordTimeExtra,
            cancellationToken);
        return isFirst && background.TryResume(record.ToQueued(Limits.EventBytesMax), work);
    }

    private async Task WriteAllAsync()
    {
        while (await store.Changes.TakeAsync() is { } response)
        {
            var begun = time.GetTimestamp();
            await _turn.WaitAsync(CancellationToken.None);
            try
            {
                await WriteAsync(response);
                _isRefused = false;
            }
            catch (Exception failure)
            {
                // The disk, or a bug: once is enough to say so, and the next response is tried again.
                if (!_isRefused)
                {
                    Log.NotWritten(logger, response.Response.Id, failure);
                }

                _isRefused = true;
            }
            finally
            {
                _turn.Release();
            }

            // What is left when the server stops is written without a pause.
            var pause = time.GetElapsedTime(begun) * PausePerWrite;
            await Task.Delay(pause < PauseMax ? pause : PauseMax, time, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WriteAsync(StoredResponse response)
    {
        var id = response.Response.Id;

        // Before the look into the store: whoever takes it out from now on notes that it is to be removed here, too.
        response.IsOnDisk = true;
        if (!store.Holds(response))
        {
            await _records.DeleteAsync(id, CancellationToken.None);
        }
        else if (TimeLeft(response.CreatedAt) is var left && left > TimeSpan.Zero)
        {
            await _records.SetAsync(
                id, ResponseRecord.Of(response), left + RecordTimeExtra, CancellationToken.None);
        }
    }

    private TimeSpan TimeLeft(DateTimeOffset createdAt) => createdAt + Limits.KeepTimeBounded - time.GetUtcNow();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The responses of the last run cannot be read.")]
        public static partial void NotLoaded(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "The record of the response {Id} is damaged and counts as absent.")]
        public static partial void Damaged(ILogger logger, string id, Exception exception);

        [LoggerMessage(LogLevel.Warning, "The response {Id} is kept in memory alone; a restart will forget it.")]
        public static partial void NotWritten(ILogger logger, string id, Exception exception);
    }
}
