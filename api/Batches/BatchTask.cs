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
    BatchStore batches, FileStore files, IFileContents contents, ResultFiles results, BatchEndpoints endpoints,
    IOptions<ApiOptions> options, TimeProvider time, ILogger<BatchTask> logger) : IDisposable
{
    private static readonly ResultError Expired = new(
        "batch_expired", "This request could not be executed before the completion window expired.");

    private static readonly LineError InputGone =
        new("file_not_found", null, "The input file is gone.", "input_file_id");

    private readonly SemaphoreSlim _slots = new(options.Value.Batches.ConcurrencyMax);

    /// <summary>Runs a batch to its end, or until the server stops.</summary>
    /// <param name="record">The batch.</param>
    /// <param name="tell">Is told of the progress once it is known.</param>
    /// <param name="canceled">Somebody does not want it any more.</param>
    /// <param name="stopping">The server stops; the batch goes on when it starts.</param>
    public async Task RunAsync(
        BatchRecord record, Action<BatchProgress> tell, CancellationToken canceled, CancellationToken stopping)
    {
        BatchProgress? progress = null;
        try
        {
            // Between the call and here it may have come to its end.
            var batch = (await batches.FindAsync(record.Batch.Id, stopping))?.Batch;
            if (batch is null || BatchStatus.IsFinal(batch.Status))
            {
                return;
            }

            record = record with { Batch = batch };
            if (await GatherAsync(record, now => tell(progress = now), canceled, stopping) is { } outcome)
            {
                await FinishAsync(record, outcome, stopping);
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
            await SalvageAsync(record, new LineError("server_error", null, message, null), progress);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    // The files are closed when this returns, so that clients can have them.
    private async Task<Outcome?> GatherAsync(
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
        var end = await LeadAsync(record.Batch, run, canceled, stopping);
        return new Outcome(progress, answers.Bytes, failures.Bytes, end);
    }

    private async Task<RunEnd> LeadAsync(
        BatchWire batch, BatchRun run, CancellationToken canceled, CancellationToken stopping)
    {
        var left = DateTimeOffset.FromUnixTimeSeconds(batch.ExpiresAt) - time.GetUtcNow();
        using var late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(canceled, late.Token, stopping);
        try
        {
            if (batch.Status == BatchStatus.Validating && !await ValidateAsync(batch, ending.Token))
            {
                return RunEnd.Whole;
            }

            if (batch.Status is BatchStatus.Validating or BatchStatus.InProgress)
            {
                await using var lines = await OpenAsync(batch, ending.Token);
                if (lines is null)
                {
                    return RunEnd.InputGone;
                }

                await run.RunAsync(batch.Endpoint, lines.Reader, ending.Token);
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !canceled.IsCancellationRequested
            && !stopping.IsCancellationRequested)
        {
            await using var lines = await OpenAsync(batch, stopping);
            if (lines is not null)
            {
                await run.GiveUpAsync(batch.Endpoint, lines.Reader, Expired, stopping);
            }

            return RunEnd.Late;
        }
        catch (OperationCanceledException) when (canceled.IsCancellationRequested
            && !stopping.IsCancellationRequested)
        {
            // Whoever canceled it has noted so.
        }

        return RunEnd.Whole;
    }

    private async Task<bool> ValidateAsync(BatchWire batch, CancellationToken cancellationToken)
    {
        await using var content = await files.OpenAsync(batch.InputFileId, cancellationToken);
        if (content is null)
        {
            await FailAsync(batch.Id, [InputGone]);
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

    private async Task FinishAsync(BatchRecord record, Outcome outcome, CancellationToken stopping)
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

        var outputId = await results.PublishAsync(
            record.OutputId, OutputName(id), outcome.OutputBytes, record.OutputLife, stopping);
        var errorId = await results.PublishAsync(
            record.ErrorId, ErrorName(id), outcome.ErrorBytes, record.OutputLife, stopping);
        await SetAsync(id, now => Conclude(now, outcome.End) with
        {
            OutputFileId = outputId,
            ErrorFileId = errorId,
            RequestCounts = outcome.Progress.Count(now.RequestCounts.Total),
        }, stopping);
    }

    // What was answered before the failure was paid for; it stays, as far as the disk lets it.
    private async Task SalvageAsync(BatchRecord record, LineError error, BatchProgress? progress)
    {
        var id = record.Batch.Id;
        var outputId = await results.SalvageAsync(record.OutputId, OutputName(id), record.OutputLife);
        var errorId = await results.SalvageAsync(record.ErrorId, ErrorName(id), record.OutputLife);
        await SetAsync(id, now => Fail(now, [error]) with
        {
            OutputFileId = outputId,
            ErrorFileId = errorId,
            RequestCounts = progress?.Count(now.RequestCounts.Total) ?? now.RequestCounts,
        }, CancellationToken.None);
    }

    private BatchWire Conclude(BatchWire batch, RunEnd end) => (batch.Status, end) switch
    {
        (BatchStatus.Cancelling, _) => batch with { Status = BatchStatus.Cancelled, CancelledAt = Now() },
        (_, RunEnd.Late) => batch with { Status = BatchStatus.Expired, ExpiredAt = Now() },
        (_, RunEnd.InputGone) => Fail(batch, [InputGone]),
        _ => batch with { Status = BatchStatus.Completed, CompletedAt = Now() },
    };

    private BatchWire Fail(BatchWire batch, IReadOnlyList<LineError> errors) =>
        batch with { Status = BatchStatus.Failed, FailedAt = Now(), Errors = new BatchErrors(errors) };

    private async Task<OpenLines?> OpenAsync(BatchWire batch, CancellationToken cancellationToken) =>
        await files.OpenAsync(batch.InputFileId, cancellationToken) is { } content
            ? new OpenLines(content, new LineReader(content, options.Value.Batches.LineBytesMax))
            : null;

    private Task<BatchRecord?> FailAsync(string id, IReadOnlyList<LineError> errors) =>
        SetAsync(id, now => Fail(now, errors), CancellationToken.None);

    private Task<BatchRecord?> SetAsync(
        string id, Func<BatchWire, BatchWire> change, CancellationToken cancellationToken) =>
        batches.UpdateAsync(
            id,
            record => change(record.Batch) is var batch && batch == record.Batch
                ? record
                : record with { Batch = batch },
            cancellationToken);

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private static string OutputName(string id) => $"{id}_output.jsonl";

    private static string ErrorName(string id) => $"{id}_error.jsonl";

    /// <summary>How the run of a batch ended.</summary>
    private enum RunEnd
    {
        /// <summary>Nothing is left to run, or somebody canceled it.</summary>
        Whole,

        /// <summary>The time was over first.</summary>
        Late,

        /// <summary>Somebody has taken the input away.</summary>
        InputGone,
    }

    /// <summary>What came of a batch.</summary>
    private sealed record Outcome(BatchProgress Progress, long OutputBytes, long ErrorBytes, RunEnd End);

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
