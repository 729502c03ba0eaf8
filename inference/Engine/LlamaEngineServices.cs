using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Adds the native engine to a host.</summary>
public static class LlamaEngineServices
{
    /// <summary>
    /// Registers <see cref="IWeightsQuantizer"/> and <see cref="IEngineLoader"/>. Resolving the latter opens the native
    /// library, logs version, devices and what of CUDA was found, and throws <see cref="EngineLoadException"/> with
    /// the reason when the library cannot be used.
    /// </summary>
    public static IServiceCollection AddLlamaEngine(
        this IServiceCollection services,
        Action<LlamaEngineOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<LlamaEngineOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton<IEngineLoader>(provider => LlamaEngineLoader.Open(
            provider.GetRequiredService<IOptions<LlamaEngineOptions>>().Value,
            provider.GetRequiredService<ILoggerFactory>()));
        services.TryAddSingleton<IWeightsQuantizer>(provider => new LlamaWeightsQuantizer(
            provider.GetRequiredService<IOptions<LlamaEngineOptions>>().Value.LibraryPath));
        return services;
    }
}
