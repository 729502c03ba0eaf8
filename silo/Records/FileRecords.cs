using Microsoft.Extensions.Logging;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.Silo.Records;

/// <summary>
/// Records as files, for the one-process mode. Readers never wait: a record is replaced in one step. Writers of one
/// record take turns, in this process by a semaphore and between processes by a lock on a file, which the operating
/// system gives back when a process dies.
/// </summary>
internal sealed partial class FileRecords(StorePaths paths, TimeProvider time, ILogger<FileRecords> logger) : IRecords
{
    private const int RecordBytesMax = 64 * 1024 * 1024;
    private const int LockedUnix = 11;
    private const int LockedMac = 35;
    private const int LockedWindows = unchecked((int)0x80070020);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(5);

    private readonly RecordPaths _paths = new(paths.Records);
    private readonly SemaphoreSlim[] _turns =
        [.. Enumerable.Range(0, RecordPaths.StripeCount).Select(_ => new SemaphoreSlim(1))];

    /// <inheritdoc/>
    public async Task<StoredRecord?> ReadAsync(RecordKey key, CancellationToken cancellationToken) =>
        (await ReadLivingAsync(key, cancellationToken))?.ToStored();

    /// <inheritdoc/>
    public async Task<long?> WriteAsync(
        RecordKey key, ReadOnlyMemory<byte> content, long versionExpected, TimeSpan? timeToLive,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(versionExpected);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, RecordBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive ?? TimeSpan.MaxValue, TimeSpan.Zero);
        var path = _paths.File(key);
        PrivateFolder.Create(paths.Root, _paths.Folder(key.Kind));
        using var turn = await TakeTurnAsync(key, cancellationToken);
        var version = (await ReadLivingAsync(key, cancellationToken))?.Version ?? 0;
        if (version != versionExpected)
        {
            return null;
        }

        var record = new RecordFile(version + 1, ExpiryOf(timeToLive), content);
        var temporary = _paths.NewTemporary(key.Kind);
        try
        {
            await using var file = DurableFile.Create(temporary);
            await file.WriteAsync(record.ToBytes(), cancellationToken);
            DurableFile.Commit(file, path);
            return record.Version;
        }
        catch (Exception failure)
        {
            DurableFile.Discard(temporary);
            if (DurableFile.Explain(failure) is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(RecordKey key, long versionExpected, CancellationToken cancellationToken)
    {
        var path = _paths.File(key);
        if (!File.Exists(path))
        {
            return false;
        }

        using var turn = await TakeTurnAsync(key, cancellationToken);
        if ((await ReadLivingAsync(key, cancellationToken))?.Version != versionExpected)
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecordKey>> ListAsync(string kind, CancellationToken cancellationToken)
    {
        var living = new List<RecordKey>();
        foreach (var key in _paths.Enumerate(kind))
        {
            var record = await ReadAnyAsync(key, cancellationToken);
            if (record?.IsExpired(time.GetUtcNow()) == true)
            {
                await RemoveExpiredAsync(key, cancellationToken);
            }
            else if (record is not null)
            {
                living.Add(key);
            }
        }

        return living;
    }

    /// <summary>Somebody else has the file.</summary>
    public static bool IsLocked(IOException failure) =>
        failure.HResult is LockedUnix or LockedMac or LockedWindows;

    private async Task<RecordFile?> ReadLivingAsync(RecordKey key, CancellationToken cancellationToken) =>
        await ReadAnyAsync(key, cancellationToken) is { } record && !record.IsExpired(time.GetUtcNow()) ? record : null;

    private async Task<RecordFile?> ReadAnyAsync(RecordKey key, CancellationToken cancellationToken)
    {
        try
        {
            var record = RecordFile.TryParse(await File.ReadAllBytesAsync(_paths.File(key), cancellationToken));
            if (record is null)
            {
                Log.Damaged(logger, key.Kind, key.Id);
            }

            return record;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task RemoveExpiredAsync(RecordKey key, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(key, cancellationToken);

        // Somebody may have written it anew meanwhile.
        if ((await ReadAnyAsync(key, cancellationToken))?.IsExpired(time.GetUtcNow()) == true)
        {
            File.Delete(_paths.File(key));
        }
    }

    private long ExpiryOf(TimeSpan? timeToLive)
    {
        var now = time.GetUtcNow();
        return timeToLive is { } life && life < DateTimeOffset.MaxValue - now
            ? (now + life).ToUnixTimeMilliseconds()
            : 0;
    }

    private async Task<Turn> TakeTurnAsync(RecordKey key, CancellationToken cancellationToken)
    {
        var stripe = RecordPaths.Stripe(key);
        await _turns[stripe].WaitAsync(cancellationToken);
        try
        {
            return new Turn(_turns[stripe], await LockAsync(_paths.Lock(key.Kind, stripe), cancellationToken));
        }
        catch
        {
            _turns[stripe].Release();
            throw;
        }
    }

    private async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException failure) when (IsLocked(failure))
            {
                // Another process changes a record; it holds the lock for one write.
                await Task.Delay(LockRetry, time, cancellationToken);
            }
        }
    }

    /// <summary>The right to change the records of a stripe.</summary>
    private sealed class Turn(SemaphoreSlim semaphore, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            semaphore.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The {Kind} record {Id} is damaged and counts as absent.")]
        public static partial void Damaged(ILogger logger, string kind, string id);
    }
}
