using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Contracts.Blobs;

/// <summary>The port to digest-addressed content.</summary>
public interface IBlobs
{
    /// <summary>Size of a blob in bytes; null when it is not here.</summary>
    Task<long?> StatAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a blob is here and whole, so that it need not be brought again. One that this process has not verified
    /// yet is read first.
    /// </summary>
    Task<bool> HasAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a blob for reading; null when it is not here or known to be damaged. The caller disposes the stream.
    /// </summary>
    Task<Stream?> OpenReadAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>
    /// Stores content under its digest, verified before it counts. True when the blob was created; false when it was
    /// here already, and then the content was not read. One that is here and damaged is replaced in one step.
    /// </summary>
    /// <exception cref="BlobMismatchException">The content has another digest; nothing was stored.</exception>
    /// <exception cref="BlobStorageException">The disk refused, or the content is too long.</exception>
    Task<bool> WriteAsync(Digest digest, Stream content, CancellationToken cancellationToken);
}
