using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class SharedPromptTests
{
    private const string Opening = "You are a helpful assistant that answers in one short sentence. ";
    private static readonly ScriptedEngineOptions Options = new()
    {
        EndEvery = 0,
        SequenceCountMax = 16,
        CellCount = 2048,
        BatchTokensMax = 32,
    };

    [Fact]
    public void Sixteen_prompts_that_begin_alike_and_come_together_compute_the_beginning_once()
    {
        var bench = new LoopBench(Options);
        var sequences = Enumerable.Range(0, 16)
            .Select(index => bench.Submit(LoopBench.Greedy(Opening + (char)('a' + index), 1)))
            .ToList();
        bench.StepUntilIdle();
        Assert.Equal(Opening.Length + 16, bench.Engine.DecodedTokenCount);
        Assert.Equal(Opening.Length + 16, bench.Engine.UsedCellCount);
        for (var index = 0; index < 16; index++)
        {
            var chunk = bench.Read(sequences[index]);
            Assert.Equal(index == 0 ? 0 : Opening.Length, chunk.Usage!.CachedTokenCount);
            Assert.Equal(Opening.Length + 1, chunk.Usage.PromptTokenCount);
            var alone = new LoopBench(Options).Run(LoopBench.Greedy(Opening + (char)('a' + index), 1));
            Assert.Equal(alone.Tokens, chunk.Tokens);
        }
    }

    [Fact]
    public void Where_each_has_a_cache_of_its_own_the_beginning_is_computed_once_and_copied_once()
    {
        var options = Options with { CacheUnified = false };
        var bench = new LoopBench(options);
        var sequences = Enumerable.Range(0, 16)
            .Select(index => bench.Submit(LoopBench.Greedy(Opening + (char)('a' + index), 1)))
            .ToList();
        bench.StepUntilIdle();
        Assert.Equal(Opening.Length + 16, bench.Engine.DecodedTokenCount);
        Assert.Equal(15 * Opening.Length, bench.Engine.CopiedCellCount);
        Assert.Equal(16 * (Opening.Length + 1), bench.Engine.UsedCellCount);
        Assert.Equal(bench.Engine.UsedCellCount, bench.Loop.UsedCells);
        for (var index = 0; index < 16; index++)
        {
            var chunk = bench.Read(sequences[index]);
            Assert.Equal(index == 0 ? 0 : Opening.Length, chunk.Usage!.CachedTokenCount);
            var alone = new LoopBench(options).Run(LoopBench.Greedy(Opening + (char)('a' + index), 1));
            Assert.Equal(alone.Tokens, chunk.Tokens);
        }
    }

    [Fact]
    public void What_is_too_short_to_be_copied_is_gone_on_with_where_it_lies()
    {
        var bench = new LoopBench(Options with { CacheUnified = false }, sharedTokensMin: 32);
        var first = bench.Run(LoopBench.Greedy("short", 4));
        int[] conversation = [.. "short".Select(letter => (int)letter), .. first.Tokens, '?'];
        var follow = LoopBench.Greedy("", 1) with { PromptTokens = conversation };
        Assert.Equal("short".Length + 3, bench.Run(follow).Usage!.CachedTokenCount);

        // Another that only begins like it is computed anew, in another slot.
        Assert.Equal(0, bench.Run(LoopBench.Greedy("short, but another one", 1)).Usage!.CachedTokenCount);
        Assert.Equal(0, bench.Engine.CopiedCellCount);
    }

    [Fact]
    public void A_running_sequence_serves_one_that_comes_later()
    {
        var bench = new LoopBench(Options, slotCount: 2);
        bench.Submit(LoopBench.Greedy(Opening + "one", -1));
        for (var step = 0; step < 10; step++)
        {
            bench.Loop.Step();
        }

        var before = bench.Engine.DecodedTokenCount;
        var second = bench.Submit(LoopBench.Greedy(Opening + "two", 1));
        bench.Loop.Step();
        Assert.Equal(Opening.Length, bench.Read(second).Usage!.CachedTokenCount);
        Assert.Equal("two".Length + 1, bench.Engine.DecodedTokenCount - before);
    }

    [Fact]
    public void When_the_one_that_computes_for_others_is_canceled_the_next_one_goes_on()
    {
        var bench = new LoopBench(Options);
        var sequences = Enumerable.Range(0, 3)
            .Select(index => bench.Submit(LoopBench.Greedy(Opening + index, 4)))
            .ToList();
        bench.Loop.Step();
        sequences[0].RequestCancel();
        bench.StepUntilIdle();
        Assert.Equal(FinishReason.Canceled, sequences[0].End.Reason);
        Assert.Equal(Opening.Length + (2 * 4), bench.Engine.DecodedTokenCount);
        Assert.All(sequences.Skip(1), sequence => Assert.Equal(4, bench.Read(sequence).Tokens.Count));
    }

    [Fact]
    public void Sequences_with_other_adapters_share_nothing()
    {
        var bench = new LoopBench(Options);
        bench.Run(LoopBench.Greedy(Opening, 1));
        bench.Submit(LoopBench.Greedy(Opening + "one", 1) with { AdapterKey = 1 });
        var running = bench.Submit(LoopBench.Greedy(Opening + "two", 1) with { AdapterKey = 2 });
        bench.StepUntilIdle();
        Assert.Equal(0, bench.Read(running).Usage!.CachedTokenCount);
        Assert.Empty(bench.Recorder.Of(SchedulerEventKind.Shared));
    }

    [Fact]
    public void A_context_that_shifts_leaves_the_cells_that_others_share_alone()
    {
        var requests = Enumerable.Range(0, 2)
            .Select(end => LoopBench.Greedy(Opening[..40] + end, 80) with { KeepTokens = 4 })
            .ToList();
        var bench = new LoopBench(Options, contextTokens: 64);
        var sequences = requests.Select(bench.Submit).ToList();
        bench.StepUntilIdle();
        Assert.True(bench.Recorder.Of(SchedulerEventKind.Shifted).Count >= 4);
        foreach (var (sequence, request) in sequences.Zip(requests))
        {
            Assert.Equal(new LoopBench(Options, contextTokens: 64).Run(request).Tokens, bench.Read(sequence).Tokens);
        }

        Assert.Equal(bench.Engine.UsedCellCount, bench.Loop.UsedCells);
    }

    [Fact]
    public void A_conversation_that_branches_leaves_the_other_branch_in_the_cache()
    {
        var bench = new LoopBench(Options);
        var first = LoopBench.Greedy(Opening + new string('x', 60), 1);
        bench.Run(first);
        Assert.Equal(Opening.Length, bench.Run(LoopBench.Greedy(Opening + "y", 1)).Usage!.CachedTokenCount);
        Assert.Equal(Opening.Length + 59, bench.Run(first).Usage!.CachedTokenCount);
    }
}
