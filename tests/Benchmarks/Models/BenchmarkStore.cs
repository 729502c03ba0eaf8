using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>A store with one model that was put there for measuring, as the product reads it.</summary>
/// <param name="Directory">What <c>OLLAMA_MODELS</c> has to say.</param>
/// <param name="ModelName">The model's name in a request.</param>
/// <param name="WeightsPath">The model's file.</param>
internal sealed record BenchmarkStore(string Directory, string ModelName, string WeightsPath)
{
    /// <summary>Opens the store with a model in it, which is made when it is not there.</summary>
    /// <param name="directory">Folder of the store.</param>
    /// <param name="name">Name of the model.</param>
    /// <param name="write">Writes the model's file to a path.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GgufException">The file is none that the product would load.</exception>
    public static async Task<BenchmarkStore> OpenAsync(
        string directory, string name, Action<string> write, CancellationToken cancellationToken)
    {
        if (!Contracts.Library.ModelName.TryParse(name, out var parsed))
        {
            throw new FormatException($"{name} is no name of a model.");
        }

        var paths = new StorePaths(directory);
        using var verdicts = new BlobVerdicts(paths, NullLogger<BlobVerdicts>.Instance);
        var blobs = new BlobFiles(
            paths, verdicts, Options.Create(new BlobStoreOptions { Directory = directory }),
            NullLogger<BlobFiles>.Instance);
        var manifests = new ManifestFiles(paths, TimeProvider.System, NullLogger<ManifestFiles>.Instance);
        if (manifests.Read(parsed)?.Manifest.Layers is [var known] && blobs.TryGetPath(known.Digest, out var path))
        {
            return new BenchmarkStore(directory, name, path);
        }

        System.IO.Directory.CreateDirectory(directory);
        var draft = Path.Combine(directory, "draft.gguf");
        try
        {
            write(draft);
            var weights = await AddAsync(blobs, manifests, parsed, draft, cancellationToken);
            return new BenchmarkStore(directory, name, paths.Blob(weights));
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static async Task<Digest> AddAsync(
        BlobFiles blobs, ManifestFiles manifests, ModelName name, string file, CancellationToken cancellationToken)
    {
        var weights = Weights.Read(file);
        var config = new ModelConfig
        {
            Format = "gguf",
            Family = weights.Description.Architecture,
            Families = [weights.Description.Architecture],
            ParameterSize = HumanCount.Format(weights.File.ParameterCount),
            FileType = FileTypes.NameOf(weights.File),
        };
        await using var content = File.OpenRead(file);
        var model = await AddAsync(blobs, MediaTypes.Model, content, cancellationToken);
        using var json = new MemoryStream(config.ToJson());
        var manifest = new Manifest
        {
            Config = await AddAsync(blobs, MediaTypes.Config, json, cancellationToken),
            Layers = [model],
        };
        await manifests.WriteAsync(name, manifest, cancellationToken);
        return model.Digest;
    }

    private static async Task<Layer> AddAsync(
        BlobFiles blobs, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        var digest = Digest.FromHash(
            await System.Security.Cryptography.SHA256.HashDataAsync(content, cancellationToken));
        content.Position = 0;
        await blobs.WriteAsync(digest, content, cancellationToken);
        return new Layer { MediaType = mediaType, Digest = digest, Size = content.Length };
    }
}
