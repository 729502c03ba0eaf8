using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>
/// Puts the models that ship with the product into the library, each once in the life of a store: a model that the
/// user deleted stays deleted. Runs at the start of the host, before the first request.
/// </summary>
internal sealed partial class ShippedModels(
    StorePaths paths, BlobFiles blobs, BlobClaims claims, ManifestFiles manifests, ModelWriter writer,
    IOptions<LocalLibraryOptions> options, ILogger<ShippedModels> logger) : IHostedService
{
    private static readonly string[] Names = ["tiny-chat", "tiny-embed"];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.ShippedModelsDirectory is not { } folder)
        {
            return;
        }

        foreach (var name in Names)
        {
            try
            {
                await RegisterOnceAsync(new ModelName(
                    ModelName.DefaultHost, ModelName.DefaultNamespace, name, ModelName.DefaultTag),
                    Path.Combine(folder, name + ".gguf"), cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or GgufException)
            {
                // A server whose store is read-only still serves what is there.
                Log.Failed(logger, name, failure.Message);
            }
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RegisterOnceAsync(ModelName name, string path, CancellationToken cancellationToken)
    {
        var registered = File.Exists(paths.ShippedModels)
            ? await File.ReadAllLinesAsync(paths.ShippedModels, cancellationToken)
            : [];
        if (registered.Contains(name.DisplayName, StringComparer.OrdinalIgnoreCase) || !File.Exists(path))
        {
            return;
        }

        if (!File.Exists(paths.Manifest(manifests.Canonicalize(name))))
        {
            await RegisterAsync(name, path, cancellationToken);
        }

        // Written last: a crash before this line only repeats work that finds everything in place.
        Directory.CreateDirectory(paths.Root);
        await File.AppendAllLinesAsync(paths.ShippedModels, [name.DisplayName], cancellationToken);
    }

    private async Task RegisterAsync(ModelName name, string path, CancellationToken cancellationToken)
    {
        var weights = Weights.Read(path);
        using var claim = claims.Begin();
        var model = await StoreFileAsync(path, claim, cancellationToken);
        var license = await StoreAsync(MediaTypes.License, MitLicense.Utf8, claim, cancellationToken);
        var config = new ModelConfig
        {
            Format = "gguf",
            Family = weights.Description.Architecture,
            Families = [weights.Description.Architecture],
            ParameterSize = HumanCount.Format(weights.File.ParameterCount),
            FileType = FileTypes.NameOf(weights.File),
        };
        await writer.WriteAsync(
            name,
            new Manifest
            {
                Config = await StoreAsync(MediaTypes.Config, config.ToJson(), claim, cancellationToken),
                Layers = [model, license],
            },
            claim, cancellationToken);
        Log.Registered(logger, name.DisplayName);
    }

    private async Task<Layer> StoreFileAsync(string path, BlobClaim claim, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var digest = Digest.FromHash(await SHA256.HashDataAsync(file, cancellationToken));
        claim.Add(digest);
        file.Position = 0;
        await blobs.WriteAsync(digest, file, cancellationToken);
        return new Layer { MediaType = MediaTypes.Model, Digest = digest, Size = file.Length };
    }

    private async Task<Layer> StoreAsync(
        string mediaType, ReadOnlyMemory<byte> content, BlobClaim claim, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(content.Span);
        claim.Add(digest);
        await blobs.WriteAsync(digest, new MemoryStream(content.ToArray()), cancellationToken);
        return new Layer { MediaType = mediaType, Digest = digest, Size = content.Length };
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The shipped model {Model} was registered.")]
        public static partial void Registered(ILogger logger, string model);

        [LoggerMessage(LogLevel.Warning, "The shipped model {Model} could not be registered: {Reason}")]
        public static partial void Failed(ILogger logger, string model, string reason);
    }
}
