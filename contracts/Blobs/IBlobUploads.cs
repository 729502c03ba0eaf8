using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Contracts.Blobs;

/// <summary>
/// The port to content that arrives in pieces. A session is named by an id that cannot be guessed; it ends with its
/// commit, its cancellation, or when nothing arrived for too long.
/// </summary>
public interface IBlobUploads
{
    /// <summary>Begins a session and returns its id; null when too many are open.</summary>
    /// <exception cref="BlobStorageException">The disk refused.</exception>
    Task<string?> BeginAsync(CancellationToken cancellationToken);

    /// <summary>How much a session has received, in bytes; null when there is no such session.</summary>
    Task<long?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Appends content; null when there is no such session. What came before a failure stays.</summary>
    /// <param name="id">The session.</param>
    /// <param name="offset">Where the sender believes the content to begin; null appends wherever that is.</param>
    /// <param name="content">What follows.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="BlobStorageException">The disk refused, or it is too long; the session ended.</exception>
    Task<UploadPosition?> AppendAsync(
        string id, long? offset, Stream content, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a session and stores what it received under its digest; false when there is no such session.
    /// </summary>
    /// <exception cref="BlobMismatchException">The content has another digest; the session ended.</exception>
    /// <exception cref="BlobStorageException">The disk refused; the session ended.</exception>
    Task<bool> CommitAsync(string id, Digest digest, CancellationToken cancellationToken);

    /// <summary>Ends a session and drops what it received; false when there is no such session.</summary>
    Task<bool> CancelAsync(string id, CancellationToken cancellationToken);
}

/// <summary>Where an upload stands.</summary>
/// <param name="IsAccepted">The content began where the upload stood; otherwise nothing of it was read.</param>
/// <param name="ReceivedBytes">What the session holds now.</param>
public sealed record UploadPosition(bool IsAccepted, long ReceivedBytes);
