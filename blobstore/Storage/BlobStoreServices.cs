using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Blobs;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>Registers the store.</summary>
public static class BlobStoreServices
{
    /// <summary>Adds blobs, manifests and GGUF headers of one directory; <see cref="IBlobs"/> is its port.</summary>
    public static IServiceCollection AddBlobStore(this IServiceCollection services, Action<BlobStoreOptions> configure)
    {
        services.AddOptions<BlobStoreOptions>().Configure(configure)
            .Validate(options => !string.IsNullOrWhiteSpace(options.Directory), "The model directory is not set.")
            .Validate(options => options.BlobBytesMax > 0, "The longest blob must be at least one byte long.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
            new StorePaths(provider.GetRequiredService<IOptions<BlobStoreOptions>>().Value.Directory));
        services.AddSingleton<BlobVerdicts>();
        services.AddSingleton<BlobFiles>();
        services.AddSingleton<IBlobs>(provider => provider.GetRequiredService<BlobFiles>());
        services.AddSingleton<IBlobUploads, BlobUploads>();
        services.AddSingleton<ManifestFiles>();
        services.AddSingleton<GgufHeaders>();
        services.AddSingleton<StoreLock>();
        services.AddSingleton<BlobClaims>();
        services.AddSingleton<UnusedBlobs>();
        services.AddSingleton<ModelWriter>();
        services.AddSingleton<StoreCheck>();
        services.AddSingleton<StoreReadable>();
        services.AddHostedService<StoreUpkeep>();
        return services;
    }
}
