using Ollama.Platform.Benchmarks.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Bytes that the decode thread allocates for a token, with the real engine under it.</summary>
internal static class AllocationCase
{
    /// <summary>Steps before the count: prefill, and what is set up on first use.</summary>
    private const int WarmUpSteps = 4;

    public static CaseResult Measure(BenchmarkStore store, EngineOptions options)
    {
        using var engine = RawLoop.Load(store.WeightsPath, options.ThreadCount);
        var loop = new DecodeLoop(
            engine,
            RunnerServer.LimitsOf(
                engine.Description,
                new LoadSpecification
                {
                    WeightsPath = store.WeightsPath,
                    ContextTokens = RawLoop.ContextTokens,
                    SlotCount = 1,
                }),
            TimeProvider.System);
        var sequence = new Sequence(
            new SequenceRequest
            {
                Id = 1,
                PromptTokens =
                    engine.Tokenize(Prompts.Make(length: 8, number: 0), specialAdded: true, specialParsed: true),
                Sampling = new SamplingOptions { RepeatPenalty = 1.1f },
                StopSequences = ["never said"],
                // It must not end while it is measured.
                CompletionTokensMax = -1,
            },
            RawLoop.ContextTokens,
            creditTokens: 2 * (options.TokenCount + WarmUpSteps),
            RawLoop.Seed);
        loop.TrySubmit(sequence);
        for (var step = 0; step < WarmUpSteps; step++)
        {
            loop.Step();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var tokens = -sequence.CompletionTokenCount;
        for (var step = 0; step < options.TokenCount; step++)
        {
            loop.Step();
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        tokens += sequence.CompletionTokenCount;
        return CaseResult.Alone(
            "allocated on the decode thread", store, options, "By/token", [(double)bytes / tokens]);
    }
}
