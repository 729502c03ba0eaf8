namespace Ollama.Platform.Contracts.Records;

/// <summary>
/// The port to small state that outlives a request: versioned records with compare-and-swap and a time to live.
/// Files in the one-process mode, grain storage in a cluster.
/// </summary>
public interface IRecords
{
    /// <summary>Reads a record; null when it is absent or expired.</summary>
    Task<StoredRecord?> ReadAsync(RecordKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a record if its version is still the expected one (0: it must not exist).
    /// Returns the new version, or null when somebody else was first.
    /// </summary>
    Task<long?> WriteAsync(
        RecordKey key, ReadOnlyMemory<byte> content, long versionExpected, TimeSpan? timeToLive,
        CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a record if its version is still the expected one; false when somebody else was first.
    /// </summary>
    Task<bool> DeleteAsync(RecordKey key, long versionExpected, CancellationToken cancellationToken);

    /// <summary>Keys of one kind that have not expired, in ordinal order.</summary>
    Task<IReadOnlyList<RecordKey>> ListAsync(string kind, CancellationToken cancellationToken);
}

/// <summary>Names a record.</summary>
/// <param name="Kind">What it is, e.g. <c>response</c>: lower-case letters, digits and hyphens.</param>
/// <param name="Id">Which one: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 200.</param>
public sealed record RecordKey(string Kind, string Id);

/// <summary>A record as stored.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Version">Counts writes from 1.</param>
public sealed record StoredRecord(ReadOnlyMemory<byte> Content, long Version);
