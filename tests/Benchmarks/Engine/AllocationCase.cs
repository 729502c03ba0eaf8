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
        var loop = CreateLoop(engine, store);
        var sequence = CreateSequence(engine, creditTokens: 2 * (options.TokenCount + WarmUpSteps));
        loop.TrySubmit(sequence);
        Step(loop, WarmUpSteps);

        var bytesBefore = GC.GetAllocatedBytesForCurrentThread();
        var tokensBefore = sequence.CompletionTokenCount;
        Step(loop, options.TokenCount);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - bytesBefore;
        var tokens = sequence.CompletionTokenCount - tokensBefore;
        return CaseResult.Alone(
            "allocated on the decode thread", store, options, "By/token", [(double)bytes / tokens]);
    }

    private static DecodeLoop CreateLoop(IEngine engine, BenchmarkStore store)
    {
        var specification = new LoadSpecification
        {
            WeightsPath = store.WeightsPath,
            ContextTokens = RawLoop.ContextTokens,
            SlotCount = 1,
        };
        return new DecodeLoop(engine, RunnerServer.LimitsOf(engine.Description, specification), TimeProvider.System);
    }

    private static Sequence CreateSequence(IEngine engine, int creditTokens)
    {
        var request = new SequenceRequest
        {
            Id = 1,
            PromptTokens = engine.Tokenize(
                Prompts.Make(length: 8, number: 0), specialAdded: true, specialParsed: true),
            // What most requests leave out, too: every step of sampling and of looking for a stop.
            Sampling = new SamplingOptions { RepeatPenalty = 1.1f },
            StopSequences = ["never said"],
            // It must not end while it is measured.
            CompletionTokensMax = -1,
        };
        return new Sequence(request, RawLoop.ContextTokens, creditTokens, RawLoop.Seed);
    }

    private static void Step(DecodeLoop loop, int count)
    {
        for (var step = 0; step < count; step++)
        {
            loop.Step();
        }
    }
}
