using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Contracts.Blobs;

/// <summary>Content did not have the digest that it was announced with.</summary>
public sealed class BlobMismatchException(Digest expected, Digest actual)
    : IOException($"digest mismatch, expected \"{expected}\", got \"{actual}\"")
{
    /// <summary>The announced digest.</summary>
    public Digest Expected { get; } = expected;

    /// <summary>The digest of the content.</summary>
    public Digest Actual { get; } = actual;
}
