using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Runner.Child;

namespace Ollama.Platform.Inference;

/// <summary>Registers what turns requests into tokens.</summary>
public static class InferenceServices
{
    /// <summary>
    /// Adds <see cref="IRunnerLoader"/>. It needs an <see cref="Engine.IEngineLoader"/>, and tells an
    /// <see cref="Scheduling.ISchedulerObserver"/> what it does when there is one and the runners are in this process.
    /// </summary>
    public static IServiceCollection AddInference(
        this IServiceCollection services, Action<RunnerOptions>? configure = null)
    {
        services.AddOptions<RunnerOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<RunnerOptions>>().Value);
        services.TryAddSingleton<IRunnerLauncher, RunnerLauncher>();
        services.TryAddSingleton<IRunnerLoader>(provider =>
            provider.GetRequiredService<RunnerOptions>().Kind == RunnerKind.Process
                ? ActivatorUtilities.CreateInstance<ChildRunnerLoader>(provider)
                : ActivatorUtilities.CreateInstance<RunnerLoader>(provider));
        return services;
    }
}
