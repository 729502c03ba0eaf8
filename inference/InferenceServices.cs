using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Inference;

/// <summary>Registers what turns requests into tokens.</summary>
public static class InferenceServices
{
    /// <summary>
    /// Adds <see cref="IRunnerLoader"/>. It needs an <see cref="Engine.IEngineLoader"/>, and tells an
    /// <see cref="Scheduling.ISchedulerObserver"/> what it does when there is one.
    /// </summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRunnerLoader, RunnerLoader>();
        return services;
    }
}
