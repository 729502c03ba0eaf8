namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// What was read from files, for as long as a file's time and length say that it is still the same. A file changed
/// within the last seconds is read again each time, since its time could not tell a second change apart.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="countMax">How many files are kept.</param>
/// <param name="bytesMax">How much of the memory they may take together.</param>
/// <param name="weigh">About how much one takes.</param>
public sealed class FreshFiles<T>(TimeProvider time, int countMax, long bytesMax, Func<T, long> weigh)
    where T : class
{
    // FAT, the coarsest file system met in practice, keeps times to two seconds.
    private static readonly TimeSpan TimeGranularity = TimeSpan.FromSeconds(2);

    private readonly BoundedCache<string, Entry> _entries = new(countMax, bytesMax, StringComparer.Ordinal);

    /// <summary>Returns what was read before, or reads; null when there is no plain file.</summary>
    public T? Get(string path, Func<FileInfo, string, T> read)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            _entries.Remove(path);
            return null;
        }

        var (modifiedAt, bytes) = (file.LastWriteTimeUtc, file.Length);
        if (_entries.TryGet(path, out var known) && known.ModifiedAt == modifiedAt && known.Bytes == bytes)
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
            _entries.Keep(path, new Entry(modifiedAt, bytes, content), weigh(content));
        }

        return content;
    }

    /// <summary>Drops what is known of a file.</summary>
    public void Forget(string path) => _entries.Remove(path);

    private sealed record Entry(DateTime ModifiedAt, long Bytes, T Content);
}
