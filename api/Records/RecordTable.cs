using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.Api.Records;

/// <summary>The records of one kind as objects. Any thread, any process.</summary>
/// <param name="records">Where they lie.</param>
/// <param name="kind">The kind.</param>
/// <param name="prefix">How their ids begin.</param>
/// <param name="typeInfo">How they are written.</param>
internal sealed class RecordTable<T>(IRecords records, string kind, string prefix, JsonTypeInfo<T> typeInfo)
    where T : class
{
    private const int IdLengthMax = 100;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Finds a record; null when there is none, also for what cannot be an id.</summary>
    public async Task<T?> FindAsync(string id, CancellationToken cancellationToken) =>
        await ReadAsync(id, cancellationToken) is { } found ? found.Value : null;

    /// <summary>All records, in no order.</summary>
    public async Task<IReadOnlyList<T>> ListAsync(CancellationToken cancellationToken)
    {
        var all = new List<T>();
        foreach (var key in await records.ListAsync(kind, cancellationToken))
        {
            if (await FindAsync(key.Id, cancellationToken) is { } value)
            {
                all.Add(value);
            }
        }

        return all;
    }

    /// <summary>Writes a new record.</summary>
    public Task AddAsync(string id, T value, CancellationToken cancellationToken) =>
        records.WriteAsync(new RecordKey(kind, id), ToBytes(value), 0, timeToLive: null, cancellationToken);

    /// <summary>
    /// Changes a record, as often as somebody else is first. Returns what it is then; null when there is none.
    /// </summary>
    /// <param name="id">Which one.</param>
    /// <param name="change">Makes the new value; the same one leaves the record as it is.</param>
    /// <param name="lifeOf">How long the new value is kept; null for ever.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public async Task<T?> UpdateAsync(
        string id, Func<T, T> change, Func<T, TimeSpan?> lifeOf, CancellationToken cancellationToken)
    {
        while (await ReadAsync(id, cancellationToken) is { } found)
        {
            var value = change(found.Value);
            if (value == found.Value)
            {
                return value;
            }

            var written = await records.WriteAsync(
                new RecordKey(kind, id), ToBytes(value), found.Version, lifeOf(value), cancellationToken);
            if (written is not null)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Writes a record, whatever it was before.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="value">What it is from now on.</param>
    /// <param name="life">How long it is kept.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public async Task SetAsync(string id, T value, TimeSpan life, CancellationToken cancellationToken)
    {
        var (key, content) = (new RecordKey(kind, id), ToBytes(value));
        long version;
        do
        {
            version = (await records.ReadAsync(key, cancellationToken))?.Version ?? 0;
        }
        while (await records.WriteAsync(key, content, version, life, cancellationToken) is null);
    }

    /// <summary>Deletes a record; false when there is none.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        while (await ReadAsync(id, cancellationToken) is { } found)
        {
            if (await records.DeleteAsync(new RecordKey(kind, id), found.Version, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<(T Value, long Version)?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (!id.StartsWith(prefix, StringComparison.Ordinal) || id.Length > IdLengthMax
            || id.AsSpan().ContainsAnyExcept(IdCharacters))
        {
            return null;
        }

        return await records.ReadAsync(new RecordKey(kind, id), cancellationToken) is { } record
            && Parse(record) is { } value
            ? (value, record.Version)
            : null;
    }

    // What cannot be read counts as absent, as a damaged record does: it must not stand in the way of the others.
    private T? Parse(StoredRecord record)
    {
        try
        {
            return JsonSerializer.Deserialize(record.Content.Span, typeInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private byte[] ToBytes(T value) => JsonSerializer.SerializeToUtf8Bytes(value, typeInfo);
}
