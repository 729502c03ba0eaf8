using System.Collections.Concurrent;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// What was read from files, for as long as a file's time and length say that it is still the same. A file changed
/// within the last seconds is read again each time, since its time could not tell a second change apart.
/// </summary>
public sealed class FreshFiles<T>(TimeProvider time, int countMax)
    where T : class
{
    // FAT, the coarsest file system met in practice, keeps times to two seconds.
    private static readonly TimeSpan TimeGranularity = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Returns what was read before, or reads; null when there is no plain file.</summary>
    public T? Get(string path, Func<FileInfo, string, T> read)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            _entries.TryRemove(path, out _);
            return null;
        }

        var (modifiedAt, bytes) = (file.LastWriteTimeUtc, file.Length);
        if (_entries.TryGetValue(path, out var known) && known.ModifiedAt == modifiedAt && known.Bytes == bytes)
        {
            return known.Content;
        }

        T content;
        try
        {
            content = read(file, path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted between the look and the reading.
            return null;
        }

        if (time.GetUtcNow() - modifiedAt > TimeGranularity)
        {
            if (_entries.Count >= countMax)
            {
                _entries.Clear();
            }

            _entries[path] = new Entry(modifiedAt, bytes, content);
        }

        return content;
    }

    /// <summary>Drops what is known of a file.</summary>
    public void Forget(string path) => _entries.TryRemove(path, out _);

    private sealed record Entry(DateTime ModifiedAt, long Bytes, T Content);
}
