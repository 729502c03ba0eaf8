using System.Collections.Concurrent;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.BlobStore;

/// <summary>Blobs in memory, for tests of what stands above them.</summary>
internal sealed class MemoryBlobs(long blobBytesMax) : IBlobs
{
    private readonly ConcurrentDictionary<Digest, byte[]> _blobs = new();

    public int Count => _blobs.Count;

    public Task<long?> StatAsync(Digest digest, CancellationToken cancellationToken) =>
        Task.FromResult<long?>(_blobs.TryGetValue(digest, out var content) ? content.Length : null);

    public Task<bool> HasAsync(Digest digest, CancellationToken cancellationToken) =>
        Task.FromResult(_blobs.ContainsKey(digest));

    public Task<Stream?> OpenReadAsync(Digest digest, CancellationToken cancellationToken) => Task.FromResult<Stream?>(
        _blobs.TryGetValue(digest, out var content) ? new MemoryStream(content, writable: false) : null);

    public async Task<bool> WriteAsync(Digest digest, Stream content, CancellationToken cancellationToken)
    {
        if (_blobs.ContainsKey(digest))
        {
            return false;
        }

        var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        if (copy.Length > blobBytesMax)
        {
            throw new BlobStorageException($"The content is longer than {blobBytesMax} bytes.");
        }

        var actual = Digest.Of(copy.ToArray());
        return actual == digest
            ? _blobs.TryAdd(digest, copy.ToArray())
            : throw new BlobMismatchException(digest, actual);
    }
}
