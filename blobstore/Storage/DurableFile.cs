using Ollama.Platform.Contracts.Blobs;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>Puts a file in its place so that a crash at any moment leaves either the old one or the new one.</summary>
public static class DurableFile
{
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int DiskFullUnix = 28;
    private const int FileTooLongWindows = unchecked((int)0x800700DF);
    private const int FileTooLongUnix = 27;
    private const int QuotaExceededUnix = 122;
    private const int ReadOnlyUnix = 30;

    // A lost race leaves the winner's folder in place more often than not; a hundred in a row is a broken disk.
    private const int MoveAttemptsMax = 100;

    /// <summary>Creates a file that nobody else has, readable by everybody (0644) as Ollama's are.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            // Renaming while the handle is open needs the right to delete where handles lock files.
            Share = FileShare.Read | FileShare.Delete,
            // Callers write large pieces.
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
                | UnixFileMode.OtherRead;
        }

        return new FileStream(path, options);
    }

    /// <summary>
    /// Flushes the open file to disk, renames it, and flushes again: the second flush commits the file's last change,
    /// which is the rename, without a handle on the directory.
    /// </summary>
    public static void Commit(FileStream file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.Flush(flushToDisk: true);
        Move(file.Name, path);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
    }

    /// <summary>Renames a file that is flushed and closed, and flushes that.</summary>
    public static void Place(string from, string to)
    {
        Move(from, to);
        using var file = File.OpenHandle(
            to, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Removes what a failed write left, if the disk lets it.</summary>
    public static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The write's own failure is what the caller must see.
        }
    }

    /// <summary>
    /// Turns the operating system's refusal into a sentence for clients; null when it is another failure. Where the
    /// store lies is no concern of theirs: the log has the system's own words.
    /// </summary>
    public static BlobStorageException? Explain(Exception failure) => failure switch
    {
        BlobStorageException or BlobMismatchException => null,
        UnauthorizedAccessException => new("The store cannot be written: access is denied.", failure),
        IOException { HResult: DiskFullUnix or DiskFullWindows } =>
            new("The disk that holds the store is full.", failure),
        IOException { HResult: FileTooLongUnix or FileTooLongWindows } =>
            new("The disk that holds the store takes no file of this length.", failure),
        IOException { HResult: QuotaExceededUnix } => new("The disk quota of the store is used up.", failure),
        IOException { HResult: ReadOnlyUnix } => new("The disk that holds the store is read-only.", failure),
        _ => null,
    };

    private static void Move(string from, string to)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Move(from, to, overwrite: true);
                return;
            }
            catch (IOException failure)
                when (attempt < MoveAttemptsMax && File.Exists(from) && Explain(failure) is null)
            {
                // A deletion, here or in another process, met the folder empty and has just removed it. Depending on
                // the moment the runtime reports a missing folder, a missing file or a folder that exists already.
            }
        }
    }
}
