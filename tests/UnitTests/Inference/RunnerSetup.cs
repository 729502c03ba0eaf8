using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>What a test asks of a runner.</summary>
internal sealed record RunnerSetup
{
    public int SlotCount { get; init; } = 4;

    public int ContextTokens { get; init; } = 4096;

    public bool Embedding { get; init; }

    public ISchedulerObserver? Observer { get; init; }

    public IProgress<float>? Progress { get; init; }

    public TimeSpan StepTimeMax { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public CancellationToken Abort { get; init; } = TestContext.Current.CancellationToken;

    public LoadSpecification Specification => new()
    {
        WeightsPath = "/scripted.gguf",
        ContextTokens = ContextTokens,
        SlotCount = SlotCount,
        Embedding = Embedding,
    };
}
