namespace Ollama.Platform.Contracts.Files;

/// <summary>
/// The port to the bytes of files that clients hand in or are given: files of the store's folder in the one-process
/// mode. An id consists of letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.
/// </summary>
public interface IFileContents
{
    /// <summary>
    /// Stores a new file, which is there when all of it is. Returns its size in bytes; null when it is longer than
    /// allowed, and then there is nothing.
    /// </summary>
    /// <exception cref="Blobs.BlobStorageException">The disk refused.</exception>
    Task<long?> WriteAsync(string id, Stream content, long bytesMax, CancellationToken cancellationToken);

    /// <summary>Opens a file for reading; null when it is not here. The caller disposes the stream.</summary>
    Task<Stream?> OpenReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a file to read and write it alone, at its beginning; it is made when it is not here. What was
    /// written outlives a crash. Null while somebody else has it, in this process or another.
    /// </summary>
    /// <exception cref="Blobs.BlobStorageException">The disk refused.</exception>
    Task<Stream?> OpenAloneAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes a file; none is no failure.</summary>
    Task DeleteAsync(string id, CancellationToken cancellationToken);
}
