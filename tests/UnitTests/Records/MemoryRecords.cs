using Ollama.Platform.Contracts.Records;
using Ollama.Platform.Silo.Records;

namespace Ollama.Platform.UnitTests.Records;

/// <summary>Records in memory, for tests of what stands above them.</summary>
internal sealed class MemoryRecords(TimeProvider time) : IRecords
{
    private readonly Lock _turn = new();
    private readonly RecordPaths _names = new("memory");
    private readonly Dictionary<RecordKey, (StoredRecord Record, DateTimeOffset ExpiresAt)> _records = [];

    /// <summary>How many there are, the expired ones included, which lie here until they are deleted.</summary>
    public int Count
    {
        get
        {
            lock (_turn)
            {
                return _records.Count;
            }
        }
    }

    public Task<StoredRecord?> ReadAsync(RecordKey key, CancellationToken cancellationToken) =>
        Check(key, () => Find(key));

    public Task<long?> WriteAsync(
        RecordKey key, ReadOnlyMemory<byte> content, long versionExpected, TimeSpan? timeToLive,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(versionExpected);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive ?? TimeSpan.MaxValue, TimeSpan.Zero);
        return Check<long?>(key, () =>
        {
            if ((Find(key)?.Version ?? 0) != versionExpected)
            {
                return null;
            }

            var life = timeToLive ?? TimeSpan.MaxValue;
            var now = time.GetUtcNow();
            _records[key] = (
                new StoredRecord(content.ToArray(), versionExpected + 1),
                life < DateTimeOffset.MaxValue - now ? now + life : DateTimeOffset.MaxValue);
            return versionExpected + 1;
        });
    }

    public Task<bool> DeleteAsync(RecordKey key, long versionExpected, CancellationToken cancellationToken) =>
        Check(key, () => Find(key)?.Version == versionExpected && _records.Remove(key));

    public Task<IReadOnlyList<RecordKey>> ListAsync(string kind, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult<IReadOnlyList<RecordKey>>(
            [
                .. _records.Keys.Where(key => key.Kind == kind && Find(key) is not null)
                    .OrderBy(key => key.Id, StringComparer.Ordinal),
            ]);
        }
    }

    private StoredRecord? Find(RecordKey key) =>
        _records.TryGetValue(key, out var entry) && entry.ExpiresAt > time.GetUtcNow() ? entry.Record : null;

    private Task<T> Check<T>(RecordKey key, Func<T> act)
    {
        _names.File(key);
        lock (_turn)
        {
            return Task.FromResult(act());
        }
    }
}
