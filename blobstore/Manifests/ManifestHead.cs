using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Manifests;

/// <summary>What a list needs of a manifest, which itself may be megabytes long.</summary>
/// <param name="Name">The name in the spelling of the disk.</param>
/// <param name="Digest">SHA-256 of the bytes.</param>
/// <param name="TotalBytes">Bytes of all layers and the config.</param>
/// <param name="ModifiedAt">When the file was written.</param>
public sealed record ManifestHead(ModelName Name, Digest Digest, long TotalBytes, DateTimeOffset ModifiedAt);
