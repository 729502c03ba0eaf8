using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// What was read and would be read again, up to a number of entries and of bytes: whoever fills a disk must not fill
/// the memory with it. When either is reached everything is dropped. Safe for any number of callers.
/// </summary>
public sealed class BoundedCache<TKey, TContent>(
    int countMax, long bytesMax, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new(comparer);
    private readonly Lock _changing = new();
    private long _bytes;

    /// <summary>Finds an entry.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TContent content)
    {
        var found = _entries.TryGetValue(key, out var entry);
        content = found ? entry!.Content : default;
        return found;
    }

    /// <summary>Keeps an entry in place of any under its key, unless it alone is too large.</summary>
    /// <param name="key">What it is found by.</param>
    /// <param name="content">The entry.</param>
    /// <param name="bytes">About how much memory it takes.</param>
    public void Keep(TKey key, TContent content, long bytes)
    {
        lock (_changing)
        {
            Remove(key);
            if (bytes > bytesMax)
            {
                return;
            }

            if (_entries.Count >= countMax || _bytes + bytes > bytesMax)
            {
                _entries.Clear();
                _bytes = 0;
            }

            _entries[key] = new Entry(content, bytes);
            _bytes += bytes;
        }
    }

    /// <summary>Drops an entry, if there is one.</summary>
    public void Remove(TKey key)
    {
        if (!_entries.ContainsKey(key))
        {
            return;
        }

        lock (_changing)
        {
            if (_entries.TryRemove(key, out var entry))
            {
                _bytes -= entry.Bytes;
            }
        }
    }

    private sealed record Entry(TContent Content, long Bytes);
}
