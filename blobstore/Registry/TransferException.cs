namespace Ollama.Platform.BlobStore.Registry;

/// <summary>A pull or push could not go on; the message is what the client is told.</summary>
public sealed class TransferException : Exception
{
    /// <summary>Fails with a sentence.</summary>
    /// <param name="message">What the client is told.</param>
    /// <param name="isTransient">The same request may succeed later.</param>
    /// <param name="retryAfter">How long the registry asks to be left alone.</param>
    public TransferException(string message, bool isTransient = false, TimeSpan? retryAfter = null)
        : base(message) => (IsTransient, RetryAfter) = (isTransient, retryAfter);

    /// <summary>Fails because of another failure, which is kept for the log.</summary>
    public TransferException(string message, Exception cause, bool isTransient = false)
        : base(message, cause) => IsTransient = isTransient;

    /// <summary>The same request may succeed later.</summary>
    public bool IsTransient { get; }

    /// <summary>How long the registry asks to be left alone; null when it says nothing.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The registry has not what was asked for.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>There is no connection to the registry.</summary>
    public bool IsUnreachable { get; init; }
}
