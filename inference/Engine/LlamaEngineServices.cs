using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Registers the native engine.</summary>
public static class LlamaEngineServices
{
    /// <summary>
    /// Adds the <see cref="IEngineLoader"/> over llama.cpp; the library is opened when it is first asked for.
    /// </summary>
    public static IServiceCollection AddLlamaEngine(
        this IServiceCollection services, Action<LlamaEngineOptions> configure)
    {
        var options = new LlamaEngineOptions();
        configure(options);
        return services.AddSingleton<IEngineLoader>(provider => new LlamaEngineLoader(
            LlamaLibrary.Open(options.LibraryPath, provider.GetRequiredService<ILogger<LlamaLibrary>>())));
    }
}
