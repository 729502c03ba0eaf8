using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>
/// Sequences with different adapters on one engine: they share no batch and no cells, and everybody gets on.
/// </summary>
public sealed class AdapterTurnTests
{
    private static readonly ScriptedEngineOptions Endless = new() { EndEvery = 0, CellCount = 8192 };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Fact]
    public void A_sequence_has_the_tokens_that_it_has_alone_whoever_runs_beside_it()
    {
        var bench = new LoopBench(Endless);
        var requests = Enumerable.Range(0, 6)
            .Select(index => LoopBench.Greedy("the same prompt for all", 50) with { AdapterKey = index % 3 })
            .ToList();
        var sequences = requests.ConvertAll(bench.Submit);
        bench.StepUntilIdle();
        var texts = sequences.ConvertAll(sequence => bench.Read(sequence).Text);
        for (var index = 0; index < texts.Count; index++)
        {
            Assert.Equal(new LoopBench(Endless).Run(requests[index]).Text, texts[index]);
        }

        Assert.Equal(3, texts.Distinct().Count());
        // Equal prompts with equal adapters are computed once.
        Assert.Equal(3, bench.Recorder.Of(SchedulerEventKind.Shared).Count);
        Assert.Equal(bench.Engine.UsedCellCount, bench.Loop.UsedCells);
    }

    [Fact]
    public void A_sequence_alone_never_waits_and_a_turn_lasts_some_steps()
    {
        var bench = new LoopBench(Endless);
        bench.Run(LoopBench.Greedy("alone", 100) with { AdapterKey = 5 });
        Assert.Equal((100, 1), (bench.Engine.DecodeCount, bench.Engine.AdapterChangeCount));
        bench.Submit(LoopBench.Greedy("one", 80) with { AdapterKey = 1 });
        bench.Submit(LoopBench.Greedy("two", 80) with { AdapterKey = 2 });
        bench.StepUntilIdle();
        // Eight tokens a turn, fewer where a prompt is computed.
        Assert.InRange(bench.Engine.AdapterChangeCount, 10, 30);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nobody_waits_for_longer_than_a_turn_of_each_other_group(int seed)
    {
        var random = new Random(seed);
        var bench = new LoopBench(Endless with { Seed = seed }, slotCount: 6);
        var sequences = new List<Sequence>();
        for (var step = 0; step < 600; step++)
        {
            if (random.Next(8) == 0 && sequences.Count(sequence => !sequence.HasEnded) < 6)
            {
                sequences.Add(bench.Submit(
                    LoopBench.Greedy(new string((char)('a' + random.Next(26)), 1 + random.Next(200)), 300) with
                    {
                        AdapterKey = random.Next(5),
                        CompletionTokensMax = 1 + random.Next(80),
                    }));
            }

            bench.Loop.Step();
        }

        bench.StepUntilIdle();
        Assert.All(sequences, sequence => Assert.Equal(FinishReason.Length, sequence.End.Reason));
        foreach (var sequence in sequences)
        {
            var served = bench.Recorder.Of(sequence.Id)
                .Where(item => item.Kind == SchedulerEventKind.Decoded)
                .Select(item => item.Step)
                .ToList();
            var longest = served.Zip(served.Skip(1), (before, after) => after - before).DefaultIfEmpty().Max();
            // Four others of eight steps each.
            Assert.True(longest <= 33, $"Seed {seed}: sequence {sequence.Id} waited for {longest} steps.");
        }
    }

    [Fact]
    public void A_stream_is_not_held_up_by_the_prompts_of_others_beyond_the_limit()
    {
        LoopBench? bench = null;
        bench = new LoopBench(
            Endless with
            {
                BatchTokensMax = 512,
                Interfere = batch =>
                {
                    bench!.Time.Advance(TimeSpan.FromMilliseconds(batch.Count));
                    return null;
                },
            },
            tokenDelayMax: TimeSpan.FromMilliseconds(50));
        var stream = bench.Submit(LoopBench.Greedy("stream", 200) with { AdapterKey = 1 });
        while (stream.CompletionTokenCount < 20)
        {
            bench.Loop.Step();
        }

        bench.Submit(LoopBench.Greedy(new string('x', 3000), 5) with { AdapterKey = 2 });
        var longest = TimeSpan.Zero;
        while (!stream.HasEnded)
        {
            var (count, started) = (stream.CompletionTokenCount, bench.Time.GetTimestamp());
            while (stream.CompletionTokenCount == count && !stream.HasEnded)
            {
                bench.Loop.Step();
            }

            var elapsed = bench.Time.GetElapsedTime(started);
            longest = elapsed > longest ? elapsed : longest;
        }

        // A turn of the other group: two steps with a prompt.
        Assert.InRange(longest.TotalMilliseconds, 1, 300);
    }

    [Fact]
    public async Task Adapters_are_loaded_and_freed_between_steps_but_not_while_a_sequence_has_them()
    {
        var bench = new LoopBench(Endless);
        var load = new AdapterJob(7, ["/a", "/b"]);
        Assert.Equal(SubmitOutcome.Accepted, bench.Loop.TrySubmit(load));
        Assert.False(load.Completion.IsCompleted);
        Assert.True(bench.Loop.Step());
        Assert.Equal(new AdapterBytes(2048, 0), await load.Completion);

        var sequence = bench.Submit(LoopBench.Greedy("x", 50) with { AdapterKey = 7 });
        bench.Loop.Step();
        var early = new AdapterJob(7, null);
        bench.Loop.TrySubmit(early);
        bench.StepUntilIdle();
        await Assert.ThrowsAsync<EngineLoadException>(() => early.Completion);
        Assert.True(sequence.HasEnded);

        var drop = new AdapterJob(7, null);
        bench.Loop.TrySubmit(drop);
        bench.StepUntilIdle();
        await drop.Completion;
        Assert.Empty(bench.Engine.AdapterKeys);
        // Under this key the next one may have others.
        Assert.Equal((0, 0), (bench.Loop.UsedCells, bench.Engine.UsedCellCount));
        var bad = new AdapterJob(8, ["/bad"]);
        bench.Loop.TrySubmit(bad);
        bench.StepUntilIdle();
        Assert.Equal(
            "the adapter is of another model",
            (await Assert.ThrowsAsync<EngineLoadException>(() => bad.Completion)).Message);
        bench.Loop.End(failure: null);
        Assert.Equal(SubmitOutcome.Stopped, bench.Loop.TrySubmit(new AdapterJob(9, ["/a"])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Adapters_are_freed_right_behind_the_last_request_that_had_them(bool embedding)
    {
        var bench = new LoopBench(Endless);
        bench.Engine.LoadAdapters(7, ["/a"]);
        if (embedding)
        {
            var job = new EmbeddingJob([[1, 2], [3]], embeddingLength: 8, adapterKey: 7);
            bench.Loop.TrySubmit(job);
            job.RequestCancel();
        }
        else
        {
            var running = bench.Submit(LoopBench.Greedy("x", 50) with { AdapterKey = 7 });
            bench.Loop.Step();
            running.RequestCancel();
        }

        var drop = new AdapterJob(7, null);
        bench.Loop.TrySubmit(drop);
        bench.Loop.Step();
        await drop.Completion;
        Assert.Empty(bench.Engine.AdapterKeys);
        Assert.Equal((0, 0), (bench.Loop.UsedCells, bench.Engine.UsedCellCount));
    }

    [Fact]
    public async Task Nobody_waits_for_adapters_that_the_engine_failed_over()
    {
        var bench = new LoopBench(Endless);
        var job = new AdapterJob(7, ["/broken"]);
        bench.Loop.TrySubmit(job);
        Assert.Throws<InvalidOperationException>(() => bench.Loop.Step());
        await Assert.ThrowsAsync<EngineLoadException>(() => job.Completion);
    }

    [Fact]
    public void A_sequence_whose_adapters_are_gone_ends_with_the_reason()
    {
        var bench = new LoopBench(Endless);
        var sequence = bench.Make(LoopBench.Greedy("x", 5) with { AdapterKey = 3 });
        bench.Engine.DropAdapters(3);
        bench.Loop.TrySubmit(sequence);
        bench.StepUntilIdle();
        Assert.Equal((FinishReason.Error, "The adapters have been freed."), (sequence.End.Reason, sequence.End.Detail));
    }
}
