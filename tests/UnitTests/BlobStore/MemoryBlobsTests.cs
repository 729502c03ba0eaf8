using Ollama.Platform.Contracts.Blobs;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class MemoryBlobsTests : BlobsConformance
{
    private readonly MemoryBlobs _blobs = new(BlobBytesMax);

    protected override IBlobs Blobs => _blobs;

    protected override int CountEntries() => _blobs.Count;
}
