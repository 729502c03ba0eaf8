using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>One push: blobs, and the manifest last, which is what makes them a model there.</summary>
internal sealed class ModelPush(RegistryClient registry, BlobFiles blobs, ManifestFiles manifests)
{
    /// <summary>What a push begins with.</summary>
    public const string FirstStatus = "retrieving manifest";

    /// <summary>Pushes a model.</summary>
    /// <exception cref="TransferException">The registry or the network failed.</exception>
    /// <exception cref="ModelException">The model or a blob of it is not here.</exception>
    public async Task RunAsync(
        ModelName name, bool insecure, TransferSteps steps, CancellationToken cancellationToken)
    {
        var repository = registry.OpenForPush(name, insecure);
        var manifest = Find(name, steps);
        var content = manifest.Manifest;
        var layers = content.Layers.Append(content.Config).DistinctBy(layer => layer.Digest).ToList();

        // Before the first byte goes out: half a model is of no use there.
        var files = layers.ConvertAll(layer => FindFile(name, layer));
        foreach (var (layer, path) in layers.Zip(files))
        {
            var transfer = repository.Upload(layer, path, MountSource(name, layer), cancellationToken);
            steps.Add("pushing", layer.Digest, layer.Size, transfer.Completed);
            await transfer.Completion;
        }

        steps.Add("pushing manifest");
        await repository.PutManifestAsync(name.Tag, content.MediaType, manifest.Bytes, cancellationToken);
        steps.Add("success");
    }

    private StoredManifest Find(ModelName name, TransferSteps steps)
    {
        try
        {
            if (manifests.Read(name) is { } manifest)
            {
                return manifest;
            }
        }
        catch (JsonException failure)
        {
            steps.Add("couldn't retrieve manifest");
            throw new ModelException(
                new Refusal(ModelErrorCode.TransferFailed, name.DisplayName, failure.Message), failure);
        }

        steps.Add("couldn't retrieve manifest");

        // Ollama's words, but for the folder of the store, which is no concern of a client.
        throw new ModelException(
            ModelErrorCode.TransferFailed, name.DisplayName,
            $"open {name.Host}/{name.Namespace}/{name.Model}/{name.Tag}: no such file or directory");
    }

    private string FindFile(ModelName name, Layer layer)
    {
        var reason = !blobs.TryGetPath(layer.Digest, out var path) ? "is missing"
            : new FileInfo(path).Length != layer.Size ? "is damaged"
            : null;
        return reason is null
            ? path!
            : throw new ModelException(
                ModelErrorCode.TransferFailed, name.DisplayName,
                $"blob {layer.Digest} {reason}: pull or create the model again");
    }

    /// <summary>A layer that was taken from a model of the same registry may be there already.</summary>
    private static string? MountSource(ModelName name, Layer layer) =>
        ModelName.TryParse(layer.From, out var from) && from.Host == name.Host
            && (from.Namespace, from.Model) != (name.Namespace, name.Model)
            ? $"{from.Namespace}/{from.Model}"
            : null;
}
