using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Records;
using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.Api.Batches;

/// <summary>The batches, as records. Any thread.</summary>
internal sealed class BatchStore(IRecords records, IOptions<ApiOptions> options)
{
    /// <summary>How ids begin.</summary>
    public const string IdPrefix = "batch_";

    private readonly RecordTable<BatchRecord> _batches =
        new(records, "batch", IdPrefix, RecordsJson.Default.BatchRecord);

    /// <summary>Finds a batch; null when there is none.</summary>
    public Task<BatchRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        _batches.FindAsync(id, cancellationToken);

    /// <summary>All batches, the oldest first.</summary>
    public async Task<IReadOnlyList<BatchRecord>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. (await _batches.ListAsync(cancellationToken)).OrderBy(record => record.Batch.CreatedAt)
            .ThenBy(record => record.Batch.Id, StringComparer.Ordinal),
    ];

    /// <summary>The batch that has yet to read a file; null when none has.</summary>
    public async Task<string?> FindReaderAsync(string fileId, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(record =>
            record.Batch.InputFileId == fileId && !BatchStatus.IsFinal(record.Batch.Status))?.Batch.Id;

    /// <summary>The files that batches have yet to read.</summary>
    public async Task<IReadOnlySet<string>> ListInputsAsync(CancellationToken cancellationToken) =>
        (await _batches.ListAsync(cancellationToken)).Where(record => !BatchStatus.IsFinal(record.Batch.Status))
            .Select(record => record.Batch.InputFileId).ToHashSet(StringComparer.Ordinal);

    /// <summary>Adds a batch. When there are too many, the oldest that have ended are forgotten.</summary>
    public async Task AddAsync(BatchRecord record, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        var ended = all.Where(other => BatchStatus.IsFinal(other.Batch.Status));
        foreach (var old in ended.Take(all.Count + 1 - options.Value.Batches.KeptCountMax))
        {
            await _batches.DeleteAsync(old.Batch.Id, cancellationToken);
        }

        await _batches.AddAsync(record.Batch.Id, record, cancellationToken);
    }

    /// <summary>Changes a batch that has not ended. One that has is kept for a limited time.</summary>
    public Task<BatchRecord?> UpdateAsync(
        string id, Func<BatchRecord, BatchRecord> change, CancellationToken cancellationToken) =>
        _batches.UpdateAsync(
            id,
            record => BatchStatus.IsFinal(record.Batch.Status) ? record : change(record),
            record => BatchStatus.IsFinal(record.Batch.Status) ? options.Value.Batches.KeepTime : null,
            cancellationToken);
}
