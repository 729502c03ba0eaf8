using System.Text.Json;
using Microsoft.Extensions.Logging;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>Reads the blobs of a manifest; what is missing or damaged becomes a refusal that names the model.</summary>
internal sealed partial class ModelFiles(BlobFiles blobs, GgufHeaders headers, ILogger<ModelFiles> logger)
{
    /// <summary>The config and the small layers.</summary>
    /// <exception cref="ModelException">A blob is missing or damaged.</exception>
    public ModelLayers ReadLayers(StoredManifest manifest) => ModelLayers.Read(blobs, manifest);

    /// <summary>The checked weights.</summary>
    /// <exception cref="ModelException">The model has none, or the blob is missing or damaged.</exception>
    public Weights ReadWeights(StoredManifest manifest) => manifest.Find(MediaTypes.Model) is { } layer
        ? Read(manifest, layer.Digest, headers.FindWeights)
        : throw new ModelException(
            ModelErrorCode.Unsupported, manifest.Name.DisplayName,
            "The model has no GGUF weights, which is all that this server runs.");

    /// <summary>The checked weights of the draft model; null when the model has none.</summary>
    /// <exception cref="ModelException">The blob is missing or damaged.</exception>
    public Weights? ReadDraft(StoredManifest manifest) => manifest.Find(MediaTypes.Draft) is { } layer
        ? Read(manifest, layer.Digest, headers.FindWeights)
        : null;

    /// <summary>The headers of the projectors.</summary>
    /// <exception cref="ModelException">A blob is missing or damaged.</exception>
    public IReadOnlyList<GgufFile> ReadProjectors(StoredManifest manifest) =>
        [.. manifest.FindAll(MediaTypes.Projector).Select(layer => Read(manifest, layer.Digest, headers.FindFile))];

    /// <summary>Checks the headers of the adapters, which native code will read.</summary>
    /// <exception cref="ModelException">A blob is missing or damaged.</exception>
    public void CheckAdapters(StoredManifest manifest)
    {
        foreach (var layer in manifest.FindAll(MediaTypes.Adapter))
        {
            _ = Read(manifest, layer.Digest, headers.FindFile);
        }
    }

    /// <summary>The weights, for a list that shows models that cannot be loaded, too; null when they cannot.</summary>
    public Weights? TryReadWeights(StoredManifest manifest) => manifest.Find(MediaTypes.Model) is { } layer
        ? TryRead(manifest, layer, headers.FindWeights)
        : null;

    /// <summary>The projectors that can be read.</summary>
    public IReadOnlyList<GgufFile> TryReadProjectors(StoredManifest manifest) =>
    [
        .. manifest.FindAll(MediaTypes.Projector)
            .Select(layer => TryRead(manifest, layer, headers.FindFile)).OfType<GgufFile>(),
    ];

    /// <summary>The metadata of a file whose header was read before.</summary>
    /// <exception cref="ModelException">The file was removed or changed meanwhile.</exception>
    public IReadOnlyDictionary<string, JsonElement> ReadMetadata(
        StoredManifest manifest, Digest digest, GgufFile header, bool arraysIncluded) =>
        Read(manifest, digest, path => GgufMetadata.ToJson(path, header, arraysIncluded));

    /// <summary>The paths of the blobs that are here.</summary>
    public IReadOnlyList<string> FindPaths(IEnumerable<Digest> digests) =>
        [.. digests.Select(digest => blobs.TryGetPath(digest, out var path) ? path : null).OfType<string>()];

    private T Read<T>(StoredManifest manifest, Digest digest, Func<string, T?> read)
        where T : class
    {
        var name = manifest.Name.DisplayName;
        try
        {
            if (blobs.TryGetPath(digest, out var path) && read(path) is { } content)
            {
                return content;
            }
        }
        catch (GgufException failure)
        {
            throw new ModelException(new Refusal(ModelErrorCode.ModelFileInvalid, name, failure.Message), failure);
        }
        catch (FileNotFoundException)
        {
            // Deleted since it was found.
        }

        throw new ModelException(ModelErrorCode.BlobMissing, name, digest.ToString());
    }

    private T? TryRead<T>(StoredManifest manifest, Layer layer, Func<string, T?> read)
        where T : class
    {
        try
        {
            return blobs.TryGetPath(layer.Digest, out var path) ? read(path) : null;
        }
        catch (GgufException failure)
        {
            Log.Unloadable(logger, manifest.Name, failure.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The model {Model} is listed but cannot be loaded: {Reason}")]
        public static partial void Unloadable(ILogger logger, ModelName model, string reason);
    }
}
