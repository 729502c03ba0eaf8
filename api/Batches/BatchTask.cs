using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Files;

namespace Ollama.Platform.Api.Batches;

/// <summary>
/// Leads a batch from one state to the next: its input is checked, its requests run, its results become files. It
/// begins where the batch was left.
/// </summary>
internal sealed partial class BatchTask(
    BatchStore batches, FileStore files, IFileContents contents, BatchEndpoints endpoints,
    IOptions<ApiOptions> options, TimeProvider time, ILogger<BatchTask> logger) : IDisposable
{
    private static readonly ResultError Expired = new(
        "batch_expired", "This request could not be executed before the completion window expired.");

    private readonly SemaphoreSlim _slots = new(options.Value.Batches.ConcurrencyMax);

    /// <summary>Runs a batch to its end, or until the server stops.</summary>
    /// <param name="record">The batch.</param>
    /// <param name="tell">Is told of the progress once it is known.</param>
    /// <param name="canceled">Somebody does not want it any more.</param>
    /// <param name="stopping">The server stops; the batch goes on when it starts.</param>
    public async Task RunAsync(
        BatchRecord record, Action<BatchProgress> tell, CancellationToken canceled, CancellationToken stopping)
    {
        try
        {
            // Between the call and here it may have come to its end.
            var batch = (await batches.FindAsync(record.Batch.Id, stopping))?.Batch;
            if (batch is null || BatchStatus.IsFinal(batch.Status))
            {
                return;
            }

            record = record with { Batch = batch };
            if (await GatherAsync(record, tell, canceled, stopping) is { } results)
            {
                await FinishAsync(record, results, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It goes on when the server starts.
        }
        catch (Exception failure)
        {
            // The disk, or a bug. Without a word its client would wait for ever.
            Log.Broken(logger, record.Batch.Id, failure);
            var message = failure is BlobStorageException ? failure.Message : "The server made a mistake.";
            await FailAsync(record.Batch.Id, [new LineError("server_error", null, message, null)]);
            await files.DiscardAsync(record.OutputId);
            await files.DiscardAsync(record.ErrorId);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    // The files are closed when this returns, so that clients can have them.
    private async Task<Results?> GatherAsync(
        BatchRecord record, Action<BatchProgress> tell, CancellationToken canceled, CancellationToken stopping)
    {
        await using var output = await contents.OpenAloneAsync(record.OutputId, stopping);
        await using var errors = await contents.OpenAloneAsync(record.ErrorId, stopping);
        if (output is null || errors is null)
        {
            Log.RunsElsewhere(logger, record.Batch.Id);
            return null;
        }

        var done = new HashSet<string>(StringComparer.Ordinal);
        await using var answers = await ResultFile.OpenAsync(output, done, stopping);
        var completed = done.Count;
        await using var failures = await ResultFile.OpenAsync(errors, done, stopping);
        var progress = new BatchProgress(completed, done.Count - completed);
        tell(progress);
        var run = new BatchRun(endpoints, _slots, progress, time, answers, failures, done);
        var isLate = await LeadAsync(record.Batch, run, canceled, stopping);
        return new Results(progress, answers.Bytes, failures.Bytes, isLate);
    }

    // True when the time was over first.
    private async Task<bool> LeadAsync(
        BatchWire batch, BatchRun run, CancellationToken canceled, CancellationToken stopping)
    {
        var left = DateTimeOffset.FromUnixTimeSeconds(batch.ExpiresAt) - time.GetUtcNow();
        using var late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(canceled, late.Token, stopping);
        try
        {
            if (batch.Status == BatchStatus.Validating && !await ValidateAsync(batch, ending.Token))
            {
                return false;
            }

            if (batch.Status is BatchStatus.Validating or BatchStatus.InProgress)
            {
                await using var lines = await ReadAsync(batch, ending.Token);
                await run.RunAsync(batch.Endpoint, lines.Reader, ending.Token);
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !canceled.IsCancellationRequested
            && !stopping.IsCancellationRequested)
        {
            await using var lines = await ReadAsync(batch, stopping);
            await run.GiveUpAsync(batch.Endpoint, lines.Reader, Expired, stopping);
            return true;
        }
        catch (OperationCanceledException) when (canceled.IsCancellationRequested
            && !stopping.IsCancellationRequested)
        {
            // Whoever canceled it has noted so.
        }

        return false;
    }

    private async Task<bool> ValidateAsync(BatchWire batch, CancellationToken cancellationToken)
    {
        await using var content = await files.OpenAsync(batch.InputFileId, cancellationToken);
        if (content is null)
        {
            await FailAsync(
                batch.Id, [new LineError("file_not_found", null, "The input file is gone.", "input_file_id")]);
            return false;
        }

        var (count, errors) = await BatchInput.CheckAsync(
            content, batch.Endpoint, options.Value.Batches, cancellationToken);
        if (errors.Count > 0)
        {
            await FailAsync(batch.Id, errors);
            return false;
        }

        await SetAsync(
            batch.Id,
            now => now.Status != BatchStatus.Validating ? now : now with
            {
                Status = BatchStatus.InProgress,
                InProgressAt = Now(),
                RequestCounts = new CountsWire(count, 0, 0),
            },
            cancellationToken);
        return true;
    }

    private async Task FinishAsync(BatchRecord record, Results results, CancellationToken stopping)
    {
        var id = record.Batch.Id;
        if ((await batches.FindAsync(id, stopping))?.Batch is not { } batch || batch.Status == BatchStatus.Failed)
        {
            await files.DiscardAsync(record.OutputId);
            await files.DiscardAsync(record.ErrorId);
            return;
        }

        if (batch.Status is BatchStatus.InProgress)
        {
            await SetAsync(id, now => now.Status != BatchStatus.InProgress ? now : now with
            {
                Status = BatchStatus.Finalizing,
                FinalizingAt = Now(),
            }, stopping);
        }

        var outputId = await PublishAsync(record.OutputId, $"{id}_output.jsonl", results.OutputBytes, stopping);
        var errorId = await PublishAsync(record.ErrorId, $"{id}_error.jsonl", results.ErrorBytes, stopping);
        await SetAsync(id, now => End(now, results.IsLate) with
        {
            OutputFileId = outputId,
            ErrorFileId = errorId,
            RequestCounts = results.Progress.Count(now.RequestCounts.Total),
        }, stopping);
    }

    private async Task<string?> PublishAsync(string id, string name, long bytes, CancellationToken stopping)
    {
        if (bytes == 0)
        {
            await files.DiscardAsync(id);
            return null;
        }

        if (await files.FindAsync(id, stopping) is null)
        {
            await files.AddAsync(id, name, FileStore.Output, bytes, life: null, stopping);
        }

        return id;
    }

    private BatchWire End(BatchWire batch, bool isLate) => batch.Status switch
    {
        BatchStatus.Cancelling => batch with { Status = BatchStatus.Cancelled, CancelledAt = Now() },
        _ when isLate => batch with { Status = BatchStatus.Expired, ExpiredAt = Now() },
        _ => batch with { Status = BatchStatus.Completed, CompletedAt = Now() },
    };

    private async Task<OpenLines> ReadAsync(BatchWire batch, CancellationToken cancellationToken)
    {
        var content = await files.OpenAsync(batch.InputFileId, cancellationToken)
            ?? throw new BlobStorageException("The input file is gone.");
        return new OpenLines(content, new LineReader(content, options.Value.Batches.LineBytesMax));
    }

    private Task<BatchRecord?> FailAsync(string id, IReadOnlyList<LineError> errors) => SetAsync(
        id,
        now => now with { Status = BatchStatus.Failed, FailedAt = Now(), Errors = new BatchErrors(errors) },
        CancellationToken.None);

    private Task<BatchRecord?> SetAsync(
        string id, Func<BatchWire, BatchWire> change, CancellationToken cancellationToken) =>
        batches.UpdateAsync(
            id,
            record => change(record.Batch) is var batch && batch == record.Batch
                ? record
                : record with { Batch = batch },
            cancellationToken);

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>What came of a batch.</summary>
    private sealed record Results(BatchProgress Progress, long OutputBytes, long ErrorBytes, bool IsLate);

    /// <summary>An input and its lines.</summary>
    private sealed record OpenLines(Stream Content, LineReader Reader) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Reader.DisposeAsync();
            await Content.DisposeAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The batch {Id} is run by another process.")]
        public static partial void RunsElsewhere(ILogger logger, string id);

        [LoggerMessage(LogLevel.Error, "The batch {Id} ended in an unexpected failure.")]
        public static partial void Broken(ILogger logger, string id, Exception exception);
    }
}
