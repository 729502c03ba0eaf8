using System.Text;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>A decode loop over a scripted engine that a test steps by hand.</summary>
internal sealed class LoopBench
{
    private long _lastId;

    public LoopBench(
        ScriptedEngineOptions? options = null,
        int? slotCount = null,
        int? contextTokens = null,
        TimeSpan tokenDelayMax = default,
        long prefixCacheBytes = 0,
        int idleCellsMax = int.MaxValue,
        int sharedTokensMin = 4)
    {
        Engine = new ScriptedEngine(options);
        ContextTokens = contextTokens ?? Engine.Description.ContextTokensTrained;
        Loop = new DecodeLoop(
            Engine,
            new SchedulerLimits
            {
                SlotCount = slotCount ?? Engine.Description.SequenceCountMax,
                CellCount = Engine.Description.CellCount,
                CacheUnified = Engine.Description.CacheUnified,
                ContextTokens = ContextTokens,
                BatchTokensMax = Engine.Description.BatchTokensMax,
                QueueLengthMax = 16,
                TokenDelayMax = tokenDelayMax,
                PrefixCacheBytes = prefixCacheBytes,
                IdleCellsMax = idleCellsMax,
                SharedTokensMin = sharedTokensMin,
            },
            Time,
            listener: null,
            Recorder);
    }

    public ManualTimeProvider Time { get; } = new();

    public ScriptedEngine Engine { get; }

    public DecodeLoop Loop { get; }

    public EventRecorder Recorder { get; } = new();

    public int ContextTokens { get; }

    public int CreditTokens { get; init; } = 512;

    public Sequence Make(SequenceRequest request)
    {
        if (!Engine.HasAdapters(request.AdapterKey))
        {
            Engine.LoadAdapters(request.AdapterKey, ["/adapter"]);
        }

        var id = request.Id != 0 ? request.Id : ++_lastId;
        return new Sequence(request with { Id = id }, ContextTokens, CreditTokens, request.Sampling.Seed ?? 7);
    }

    public Sequence Submit(SequenceRequest request)
    {
        var sequence = Make(request);
        Assert.Equal(SubmitOutcome.Accepted, Loop.TrySubmit(sequence));
        return sequence;
    }

    /// <summary>Steps until the loop would sleep.</summary>
    public void StepUntilIdle()
    {
        for (var count = 0; Loop.Step(); count++)
        {
            Assert.True(count < 100_000, "The loop did not come to rest.");
        }
    }

    /// <summary>Everything that a sequence produced, as one chunk; grants the credit for it.</summary>
    public SequenceChunk Read(Sequence sequence)
    {
        var chunk = new SequenceStream(sequence, Engine.Pieces, Time).TryTake();
        Assert.NotNull(chunk);
        sequence.Grant(chunk.Tokens.Count);
        return chunk;
    }

    public SequenceChunk Run(SequenceRequest request)
    {
        var sequence = Submit(request);
        StepUntilIdle();
        Assert.True(sequence.HasEnded, $"Sequence {sequence.Id} has not ended.");
        return Read(sequence);
    }

    public static SequenceRequest Greedy(string prompt, int completionTokensMax = 32) => new()
    {
        Id = 0,
        PromptTokens = [.. Encoding.UTF8.GetBytes(prompt).Select(value => (int)value)],
        Sampling = new SamplingOptions { Temperature = 0 },
        CompletionTokensMax = completionTokensMax,
    };
}
