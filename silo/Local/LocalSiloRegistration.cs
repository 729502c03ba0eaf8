using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.Silo.Placement;

namespace Ollama.Platform.Silo.Local;

/// <summary>Adds the one-process host of models to an application.</summary>
public static class LocalSiloRegistration
{
    /// <summary>
    /// Registers <see cref="IModels"/> and <see cref="IClusterHost"/>. The application registers the blob store, an
    /// <see cref="ILibrary"/>, an <see cref="IModelSupply"/> and an <see cref="IRunnerLoader"/>.
    /// </summary>
    public static IServiceCollection AddLocalSilo(this IServiceCollection services, Action<SiloOptions> configure)
    {
        services.AddSiloServices(configure);
        services.AddSingleton<LocalHost>();
        services.AddSingleton<IClusterHost>(provider => provider.GetRequiredService<LocalHost>());
        services.AddHostedService(provider => provider.GetRequiredService<LocalHost>());
        return services;
    }

    /// <summary>Registers what every host of actors needs, and <see cref="IModels"/> on top of it.</summary>
    internal static IServiceCollection AddSiloServices(this IServiceCollection services, Action<SiloOptions> configure)
    {
        services.AddOptions<SiloOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SiloOptions>, SiloOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<SiloOptions>>().Value);
        services.AddSingleton(provider =>
            new LoadWaiters(provider.GetRequiredService<SiloOptions>().QueueLengthMax));
        services.AddSingleton(provider => new Residency(
            provider.GetRequiredService<IRunnerLoader>().ListDevices,
            provider.GetRequiredService<SiloOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Residency>>()));
        services.TryAddSingleton<BlobPath>(provider =>
        {
            var blobs = provider.GetRequiredService<BlobFiles>();
            return digest => blobs.TryGetPath(digest, out var path) ? path : null;
        });
        services.AddSingleton<ChatFormats>();
        services.AddSingleton<PromptAssembler>();
        services.AddSingleton<PromptTokens>();
        services.AddSingleton<GenerationRun>();
        services.AddSingleton<ReplicaLoader>();
        services.AddSingleton<ActorFactory>();
        services.AddMetrics();
        services.AddSingleton<TokenMetrics>();
        services.AddSingleton<IModels>(CreateRouter);
        return services;
    }

    private static ModelRouter CreateRouter(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<SiloOptions>();
        var loader = provider.GetRequiredService<IRunnerLoader>();

        // The memory of the GPUs does not change; listing devices loads the native library, so not before it is needed.
        var contextTokens = new Lazy<int>(
            () => ContextDefault.Choose(options.ContextTokens, MemoryBudget.Of(loader.ListDevices(), gpusUsed: true)));
        return new ModelRouter(
            provider.GetRequiredService<IModelSupply>(), provider.GetRequiredService<ILibrary>(),
            provider.GetRequiredService<IClusterHost>(), provider.GetRequiredService<PromptAssembler>(),
            () => contextTokens.Value, options, provider.GetRequiredService<TokenMetrics>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ModelRouter>>());
    }
}
