using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Contracts.Blobs;

/// <summary>A manifest was to be written that names content which is not here.</summary>
public sealed class BlobMissingException(Digest digest)
    : IOException($"blob {digest} does not exist")
{
    /// <summary>What is missing.</summary>
    public Digest Digest { get; } = digest;
}
