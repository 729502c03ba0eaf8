using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>A directory of models that is made for one run and removed after it.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly BlobVerdicts _verdicts;
    private readonly BlobFiles _blobs;
    private readonly ManifestFiles _manifests;

    public StoreFolder()
    {
        Path = System.IO.Directory.CreateTempSubdirectory("ollama-platform-store-").FullName;
        Paths = new StorePaths(Path);
        _verdicts = new BlobVerdicts(Paths, NullLogger<BlobVerdicts>.Instance);
        _blobs = new BlobFiles(
            Paths, _verdicts, Options.Create(new BlobStoreOptions { Directory = Path }),
            NullLogger<BlobFiles>.Instance);
        _manifests = new ManifestFiles(Paths, TimeProvider.System, NullLogger<ManifestFiles>.Instance);
    }

    public string Path { get; }

    public StorePaths Paths { get; }

    /// <summary>Stores a layer.</summary>
    public async Task<Layer> AddAsync(string mediaType, Stream content, CancellationToken cancellationToken)
    {
        var digest = Digest.FromHash(await SHA256.HashDataAsync(content, cancellationToken));
        content.Position = 0;
        await _blobs.WriteAsync(digest, content, cancellationToken);
        return new Layer { MediaType = mediaType, Digest = digest, Size = content.Length };
    }

    /// <summary>Makes a model of a config and layers.</summary>
    public async Task<StoredManifest> AddModelAsync(
        string name, ModelConfig config, IReadOnlyList<Layer> layers, CancellationToken cancellationToken)
    {
        using var json = new MemoryStream(config.ToJson());
        return await _manifests.WriteAsync(
            ModelName.TryParse(name, out var parsed) ? parsed : throw new FormatException(name),
            new Manifest { Config = await AddAsync(MediaTypes.Config, json, cancellationToken), Layers = layers },
            cancellationToken);
    }

    public void Dispose()
    {
        _verdicts.Dispose();
        System.IO.Directory.Delete(Path, recursive: true);
    }
}
