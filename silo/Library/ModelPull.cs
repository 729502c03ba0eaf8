using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>
/// One pull: manifest, blobs, and the name last, so that a model which is listed is whole.
/// </summary>
internal sealed class ModelPull(
    RegistryClient registry, StorePaths paths, BlobVerdicts verdicts, BlobClaims claims, ManifestFiles manifests,
    ModelWriter writer, TimeProvider time)
{
    private const string TensorType = "application/vnd.ollama.image.tensor";

    // A blob that is read through within this time makes one line, as in Ollama, which reads none.
    private static readonly TimeSpan SilentTimeMax = TimeSpan.FromMilliseconds(60);

    /// <summary>What a pull begins with, before anybody is asked.</summary>
    public const string FirstStatus = "pulling manifest";

    /// <summary>Pulls a model.</summary>
    /// <exception cref="TransferException">The registry or the network failed.</exception>
    /// <exception cref="ModelException">
    /// The registry has no such model, or it is none that this server can hold.
    /// </exception>
    /// <exception cref="Contracts.Blobs.BlobStorageException">The disk refused.</exception>
    public async Task RunAsync(
        ModelName name, bool insecure, TransferSteps steps, CancellationToken cancellationToken)
    {
        var model = await FindAsync(name, insecure, cancellationToken);
        var layers = model.Manifest.Layers.Append(model.Manifest.Config).DistinctBy(layer => layer.Digest).ToList();
        if (layers.Any(layer => layer.MediaType == TensorType))
        {
            throw new ModelException(
                ModelErrorCode.Unsupported, name.DisplayName,
                "this model requires MLX support, but the MLX runtime is not available");
        }

        using var claim = claims.Begin();
        foreach (var layer in layers)
        {
            claim.Add(layer.Digest);
        }

        CheckSpace(layers.Where(layer => !SeemsHere(layer)));
        foreach (var layer in layers)
        {
            if (await IsHereAsync(layer, steps, cancellationToken))
            {
                continue;
            }

            if (SeemsHere(layer))
            {
                // It is damaged, was counted as here, and lies there until it is replaced.
                CheckSpace([layer, .. layers.Where(other => !SeemsHere(other))]);
            }

            var transfer = registry.Download(model, layer);
            steps.Add("pulling", layer.Digest, layer.Size, transfer.Completed);
            await transfer.Completion.WaitAsync(cancellationToken);
        }

        steps.Add("verifying sha256 digest");
        steps.Add("writing manifest");
        var before = ReadDigests(name);
        await writer.WriteAsync(name, model.Bytes, claim, cancellationToken);
        if (before.Except(model.Manifest.Digests).Any())
        {
            // Done with the writing, in one step that nobody comes between.
            steps.Add("removing unused layers");
        }

        steps.Add("success");
    }

    private async Task<RemoteModel> FindAsync(ModelName name, bool insecure, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.FindAsync(name, insecure, cancellationToken);
        }
        catch (TransferException failure) when (failure.IsNotFound)
        {
            throw new ModelException(
                new Refusal(ModelErrorCode.ModelNotFound, name.DisplayName, failure.Message), failure);
        }
    }

    /// <summary>
    /// Whether a blob need not be brought. One that was cut or damaged on the disk is, and then replaced. One that
    /// nobody has read since the start is read, which whoever follows sees where it takes its time.
    /// </summary>
    private async Task<bool> IsHereAsync(Layer layer, TransferSteps steps, CancellationToken cancellationToken)
    {
        if (!SeemsHere(layer))
        {
            return false;
        }

        long readBytes = 0;
        var reading = verdicts.IsWholeAsync(
            layer.Digest, bytes => Interlocked.Exchange(ref readBytes, bytes), cancellationToken);
        await Task.WhenAny(reading, Task.Delay(SilentTimeMax, time, cancellationToken));
        if (!reading.IsCompleted)
        {
            steps.Add("pulling", layer.Digest, layer.Size, () => Interlocked.Read(ref readBytes));
            var isWhole = await reading;
            if (isWhole)
            {
                // Another request may have read it, and told its own followers how far it was.
                Interlocked.Exchange(ref readBytes, layer.Size);
            }

            return isWhole;
        }

        if (!await reading)
        {
            return false;
        }

        steps.AddDone("pulling", layer.Digest, layer.Size);
        return true;
    }

    private bool SeemsHere(Layer layer) =>
        new FileInfo(paths.Blob(layer.Digest)) is { Exists: true } file && file.Length == layer.Size;

    private void CheckSpace(IEnumerable<Layer> wanted)
    {
        var missing = wanted.Sum(registry.CountMissing);
        if (missing > 0 && DiskSpace.CountFree(paths.Root) is { } free && free < missing)
        {
            throw new TransferException($"not enough disk space: {missing} bytes are needed, {free} are free");
        }
    }

    private HashSet<Digest> ReadDigests(ModelName name)
    {
        try
        {
            return [.. manifests.Read(name)?.Manifest.Digests ?? []];
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            // A damaged manifest is replaced like any other.
            return [];
        }
    }
}
