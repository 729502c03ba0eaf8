using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.BlobStore;

/// <summary>A store in a temporary folder.</summary>
internal sealed class Store : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Store(long blobBytesMax = 1 << 30, bool prunes = true)
    {
        Paths = new StorePaths(_folder.Path);
        var options = Options.Create(new BlobStoreOptions
        {
            Directory = _folder.Path,
            BlobBytesMax = blobBytesMax,
            Prunes = prunes,
        });
        Blobs = new BlobFiles(Paths, options, NullLogger<BlobFiles>.Instance);
        Manifests = new ManifestFiles(Paths, TimeProvider.System, NullLogger<ManifestFiles>.Instance);
        Headers = new GgufHeaders(TimeProvider.System);
        Lock = new StoreLock(Paths, TimeProvider.System);
        Unused = new UnusedBlobs(Paths, Manifests, Claims, options, NullLogger<UnusedBlobs>.Instance);
        Writer = new ModelWriter(Paths, Lock, Manifests, Unused);
    }

    public StorePaths Paths { get; }

    public BlobFiles Blobs { get; }

    public ManifestFiles Manifests { get; }

    public GgufHeaders Headers { get; }

    public StoreLock Lock { get; }

    public BlobClaims Claims { get; } = new();

    public UnusedBlobs Unused { get; }

    public ModelWriter Writer { get; }

    public static ModelName Name(string text) =>
        ModelName.TryParse(text, out var name) ? name : throw new FormatException(text);

    /// <summary>Stores a layer's content as a blob.</summary>
    public async Task<Layer> AddAsync(string mediaType, byte[] content, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(content);
        await Blobs.WriteAsync(digest, new MemoryStream(content), cancellationToken);
        return new Layer { MediaType = mediaType, Digest = digest, Size = content.Length };
    }

    public void Dispose()
    {
        Lock.Dispose();
        _folder.Dispose();
    }
}
