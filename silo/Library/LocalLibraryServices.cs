using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Silo.Library.Creation;

namespace Ollama.Platform.Silo.Library;

/// <summary>Registers the library of one machine.</summary>
public static class LocalLibraryServices
{
    /// <summary>Adds <see cref="ILibrary"/> over the blob store, which must be registered as well.</summary>
    public static IServiceCollection AddLocalLibrary(
        this IServiceCollection services, Action<LocalLibraryOptions> configure)
    {
        services.AddOptions<LocalLibraryOptions>().Configure(configure);
        services.AddSingleton<ModelFiles>();
        services.AddSingleton<SummaryFile>();
        services.AddSingleton<ModelSummaries>();
        services.AddSingleton<ILibrary, LocalLibrary>();
        services.AddSingleton<UploadedFiles>();
        services.AddSingleton<IWeightsConversion, SafetensorsConversion>();
        services.AddSingleton<WeightsRefinement>();
        services.AddSingleton<Func<PartStore>>(
            provider => () => ActivatorUtilities.CreateInstance<PartStore>(provider));
        services.AddSingleton<IModelCreation, ModelCreation>();
        services.AddSingleton<IManifests, LocalManifests>();
        services.AddSingleton<ModelPull>();
        services.AddSingleton<ModelPush>();
        services.AddSingleton<IModelTransfers, ModelTransfers>();
        services.AddOptions<ModelSupplyOptions>();
        services.AddSingleton<IModelSupply, ModelSupply>();
        services.AddHostedService<ShippedModels>();
        return services;
    }

    /// <summary>Lets the library quantize the weights of new models with the engine's quantizer.</summary>
    public static IServiceCollection AddEngineQuantization(this IServiceCollection services) =>
        services.AddSingleton<IWeightsQuantization, EngineQuantization>();
}
