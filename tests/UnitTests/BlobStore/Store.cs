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
        Verdicts = NewVerdicts();
        Blobs = new BlobFiles(Paths, Verdicts, options, NullLogger<BlobFiles>.Instance);
        Manifests = new ManifestFiles(Paths, TimeProvider.System, NullLogger<ManifestFiles>.Instance);
        Headers = new GgufHeaders(TimeProvider.System);
        Lock = new StoreLock(Paths, TimeProvider.System);
        Unused = new UnusedBlobs(Paths, Manifests, Claims, options, NullLogger<UnusedBlobs>.Instance);
        Writer = new ModelWriter(Paths, Lock, Manifests, Unused, Verdicts);
    }

    public StorePaths Paths { get; }

    public BlobVerdicts Verdicts { get; }

    public BlobFiles Blobs { get; }

    public ManifestFiles Manifests { get; }

    public GgufHeaders Headers { get; }

    public StoreLock Lock { get; }

    public BlobClaims Claims { get; } = new();

    public UnusedBlobs Unused { get; }

    public ModelWriter Writer { get; }

    public static ModelName Name(string text) =>
        ModelName.TryParse(text, out var name) ? name : throw new FormatException(text);

    /// <summary>What another process knows of the blobs: nothing.</summary>
    public BlobVerdicts NewVerdicts() => new(Paths, NullLogger<BlobVerdicts>.Instance);

    /// <summary>Flips a bit of a blob, as a disk does.</summary>
    public void Damage(Digest digest)
    {
        var content = File.ReadAllBytes(Paths.Blob(digest));
        content[^1] ^= 1;
        File.WriteAllBytes(Paths.Blob(digest), content);
        File.SetLastWriteTimeUtc(Paths.Blob(digest), new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));
    }

    /// <summary>Stores a layer's content as a blob.</summary>
    public async Task<Layer> AddAsync(string mediaType, byte[] content, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(content);
        await Blobs.WriteAsync(digest, new MemoryStream(content), cancellationToken);
        return new Layer { MediaType = mediaType, Digest = digest, Size = content.Length };
    }

    public void Dispose()
    {
        Verdicts.Dispose();
        Lock.Dispose();
        _folder.Dispose();
    }
}
