using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// A blob that is being gathered: a file of its full length, and beside it a record of each range. Only one process
/// has it open; what a crash leaves is continued.
/// </summary>
internal sealed class PartialBlob : IDisposable
{
    // Blobs over this many parts long get longer parts.
    private const int PartCountMax = 1024;

    // More records than any version of Ollama makes are not from Ollama.
    private const int RecordCountMax = 4096;

    // How much of a range a crash may cost.
    private const long RecordBytes = 4L * 1024 * 1024;

    // Whoever follows is not to be woken for each piece.
    private const int ToldBytes = 1024 * 1024;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly FlushAhead _ahead;
    private readonly Channel<bool> _advanced = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _untoldBytes;

    private PartialBlob(string path, FileStream file, long size, long partBytes)
    {
        (_path, _file, Size) = (path, file, size);
        _ahead = new FlushAhead(file.SafeFileHandle);
        if (file.Length == size && ReadRecords(path, size) is { } records)
        {
            Parts = [.. records.Select(record => new BlobPart(record))];
            return;
        }

        // Emptied first: what lies there belongs to nothing that is known.
        file.SetLength(0);
        file.SetLength(size);
        Restart(partBytes);
    }

    /// <summary>Length of the blob in bytes.</summary>
    public long Size { get; }

    /// <summary>The ranges, in order and without gaps.</summary>
    public IReadOnlyList<BlobPart> Parts { get; private set; } = [];

    /// <summary>The open file.</summary>
    public SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>A good deal arrived; completed when everything has.</summary>
    public ChannelReader<bool> Advanced => _advanced.Reader;

    /// <summary>Bytes that are here, in any order.</summary>
    public long CompletedBytes => Parts.Sum(part => part.CompletedBytes);

    /// <summary>Bytes from the beginning on that are here without a gap.</summary>
    public long ContiguousBytes
    {
        get
        {
            long bytes = 0;
            foreach (var part in Parts)
            {
                var completed = part.CompletedBytes;
                bytes += completed;
                if (completed < part.Size)
                {
                    break;
                }
            }

            return bytes;
        }
    }

    /// <summary>Opens what is there or begins anew; null while another process has it open.</summary>
    public static PartialBlob? TryOpen(string path, long size, long partBytes)
    {
        FileStream file;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            file = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite,
                // Exclusive either way; where handles lock names, the file must still be renamed.
                OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 0,
                FileOptions.Asynchronous);
        }
        catch (IOException failure) when (DurableFile.Explain(failure) is null)
        {
            return null;
        }

        try
        {
            return new PartialBlob(path, file, size, partBytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>How much of a blob an earlier attempt has left, in bytes.</summary>
    public static long CountCompleted(string path, long size) =>
        File.Exists(path) ? ReadRecords(path, size)?.Sum(record => record.Completed) ?? 0 : 0;

    /// <summary>
    /// Forgets what arrived and cuts the blob anew. Every range has its record from the beginning, as Ollama's have: a
    /// blob whose last ranges were never begun is continued, too.
    /// </summary>
    public void Restart(long partBytes)
    {
        RemoveRecords(_path);
        var length = Math.Max(partBytes, (Size + PartCountMax - 1) / PartCountMax);
        var parts = new List<BlobPart>();
        for (long offset = 0; offset < Size; offset += length)
        {
            parts.Add(new BlobPart(new PartRecord(parts.Count, offset, Math.Min(length, Size - offset), 0)));
        }

        Parts = parts;
        parts.ForEach(Record);
    }

    /// <summary>Notes that a range has grown. Called by whoever moves that range.</summary>
    public void Advance(BlobPart part, int count)
    {
        if (part.Advance(count) - part.RecordedBytes >= RecordBytes)
        {
            Record(part);
        }

        _ahead.Wrote(count);
        if (Interlocked.Add(ref _untoldBytes, count) >= ToldBytes)
        {
            Interlocked.Exchange(ref _untoldBytes, 0);
            _advanced.Writer.TryWrite(true);
        }
    }

    /// <summary>Keeps how far a range is. Called by whoever moves that range.</summary>
    public void Record(BlobPart part)
    {
        // In its place, in one write that is never shorter than the last one: a full disk still takes it, and a kill
        // leaves the old one or the new one.
        var record = part.ToRecord();
        using var file = File.OpenHandle(RecordPath(_path, part.Number), FileMode.OpenOrCreate, FileAccess.Write);
        RandomAccess.Write(file, JsonSerializer.SerializeToUtf8Bytes(record, RegistryJson.Default.PartRecord), 0);
        part.RecordedBytes = record.Completed;
    }

    /// <summary>Says that all ranges are here.</summary>
    public void Complete() => _advanced.Writer.TryComplete();

    /// <summary>Makes sure that what was written is on disk.</summary>
    public void Flush()
    {
        _file.Flush(flushToDisk: true);
        _ahead.End();
    }

    /// <summary>
    /// Puts the verified and flushed blob in its place. Closed first: nobody, in whatever process, could read it while
    /// it is ours alone. The caller holds the store's lock, so that nobody else takes the file up in between.
    /// </summary>
    public void Commit(string blobPath)
    {
        _file.Dispose();
        DurableFile.Place(_path, blobPath);
        RemoveRecords(_path);
    }

    /// <summary>Drops everything that arrived.</summary>
    public void Remove()
    {
        RemoveRecords(_path);
        DurableFile.Discard(_path);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string RecordPath(string path, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}-{number}");

    /// <summary>The records, if they are of one blob of this length; null otherwise.</summary>
    private static List<PartRecord>? ReadRecords(string path, long size)
    {
        var records = new List<PartRecord>();
        try
        {
            for (long offset = 0; offset < size;)
            {
                var record = JsonSerializer.Deserialize(
                    File.ReadAllBytes(RecordPath(path, records.Count)), RegistryJson.Default.PartRecord);
                if (record is null || record.N != records.Count || record.Offset != offset || record.Size <= 0
                    || record.Size > size - offset || record.Completed < 0 || record.Completed > record.Size
                    || records.Count == RecordCountMax)
                {
                    return null;
                }

                records.Add(record);
                offset += record.Size;
            }

            return records;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static void RemoveRecords(string path)
    {
        foreach (var record in Directory.EnumerateFiles(
            Path.GetDirectoryName(path)!, Path.GetFileName(path) + "-*").ToList())
        {
            DurableFile.Discard(record);
        }
    }
}
