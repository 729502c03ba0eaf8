using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Inference;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>The runner on a thread of this process.</summary>
public sealed class RunnerTests : RunnerTextConformance
{
    internal static Task<IModelRunner> LoadAsync(ScriptedEngineOptions options) =>
        LoadInProcessAsync(new ScriptedEngineLoader(options), new RunnerSetup());

    internal static Task<IModelRunner> LoadAsync(IEngineLoader engines, bool embedding) =>
        LoadInProcessAsync(engines, new RunnerSetup { Embedding = embedding });

    internal override Task<IModelRunner> LoadAsync(IEngineLoader engines, RunnerSetup setup) =>
        LoadInProcessAsync(engines, setup);

    private static async Task<IModelRunner> LoadInProcessAsync(IEngineLoader engines, RunnerSetup setup)
    {
        var services = new ServiceCollection().AddLogging()
            .AddSingleton(setup.Time)
            .AddInference(options => options.StepTimeMax = setup.StepTimeMax)
            .AddSingleton(engines);
        if (setup.Observer is not null)
        {
            services.AddSingleton(setup.Observer);
        }

        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<IRunnerLoader>()
            .LoadAsync(setup.Specification, setup.Progress, setup.Abort);
    }
}
