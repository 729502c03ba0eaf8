namespace Ollama.Platform.Contracts.Blobs;

/// <summary>The store could not keep content: the disk is full or read-only, or the content too long.</summary>
public sealed class BlobStorageException : IOException
{
    /// <summary>Refuses with a sentence that says what is wrong.</summary>
    public BlobStorageException(string message)
        : base(message)
    {
    }

    /// <summary>Refuses because of a failure of the disk, which is kept for the log.</summary>
    public BlobStorageException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
