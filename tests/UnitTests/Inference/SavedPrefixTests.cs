using Ollama.Platform.Inference.PrefixCache;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>Cells in RAM beyond their slots.</summary>
public sealed class SavedPrefixTests
{
    private static readonly ScriptedEngineOptions Options = new() { EndEvery = 0, SequenceCountMax = 2 };
    private static readonly string First = "first: " + new string('f', 60);
    private static readonly string Second = "second: " + new string('s', 60);
    private static readonly string Third = "third: " + new string('t', 60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_conversation_that_lost_its_slot_goes_on_from_RAM(bool canCut)
    {
        var options = Options with { CanCut = canCut };
        var bench = new LoopBench(options, prefixCacheBytes: 1 << 20);
        var first = bench.Run(LoopBench.Greedy(First, 4));
        bench.Run(LoopBench.Greedy(Second, 1));
        bench.Run(LoopBench.Greedy(Third, 1));
        var follow = LoopBench.Greedy("", 4) with
        {
            PromptTokens = [.. First.Select(letter => (int)letter), .. first.Tokens, '?'],
        };
        var before = bench.Engine.DecodedTokenCount;
        var warm = bench.Run(follow);
        Assert.Equal(First.Length + 3, warm.Usage!.CachedTokenCount);
        Assert.Equal(2 + 3, bench.Engine.DecodedTokenCount - before);
        Assert.Equal(new LoopBench(options).Run(follow).Tokens, warm.Tokens);
        Assert.Equal(bench.Engine.UsedCellCount, bench.Loop.UsedCells);
    }

    [Fact]
    public void A_state_that_cannot_be_cut_is_also_kept_as_it_was_at_the_end_of_the_prompt()
    {
        var options = Options with { CanCut = false };
        var bench = new LoopBench(options, prefixCacheBytes: 1 << 20);
        bench.Run(LoopBench.Greedy(First, 8));
        // As when the history leaves out what the model thought.
        var follow = LoopBench.Greedy(First + "another answer, and a question", 4);
        var warm = bench.Run(follow);
        Assert.Equal(First.Length, warm.Usage!.CachedTokenCount);
        Assert.Equal(new LoopBench(options).Run(follow).Tokens, warm.Tokens);
    }

    [Fact]
    public void Idle_cells_move_to_RAM_while_others_run_and_the_last_conversation_stays_while_nobody_does()
    {
        var bench = new LoopBench(
            Options with { SequenceCountMax = 4 }, prefixCacheBytes: 1 << 20, idleCellsMax: 100);
        bench.Run(LoopBench.Greedy(First, 1));
        bench.Run(LoopBench.Greedy(Second, 1));
        Assert.Equal(Second.Length, bench.Loop.UsedCells);
        Assert.Equal(First.Length, bench.Engine.SavedCellCount);
        bench.Run(LoopBench.Greedy(new string('l', 200), 1));
        // Longer than the limit, but nobody runs whom it slows.
        Assert.Equal(200, bench.Loop.UsedCells);
        var running = bench.Submit(LoopBench.Greedy("x", 100));
        bench.Loop.Step();
        bench.Loop.Step();
        Assert.Equal(2, bench.Loop.UsedCells);
        running.RequestCancel();
        bench.StepUntilIdle();
        Assert.Equal(Second.Length - 1, bench.Run(LoopBench.Greedy(Second, 1)).Usage!.CachedTokenCount);
        Assert.Equal(199, bench.Run(LoopBench.Greedy(new string('l', 200), 1)).Usage!.CachedTokenCount);
    }

    [Fact]
    public void A_long_prompt_moves_all_idle_cells_out_of_its_way_first_and_a_short_one_does_not()
    {
        var bench = new LoopBench(
            Options with { SequenceCountMax = 4 }, prefixCacheBytes: 1 << 20, idleCellsMax: 1000);
        bench.Run(LoopBench.Greedy(First, 1));
        bench.Run(LoopBench.Greedy(Second, 1));
        bench.Run(LoopBench.Greedy(new string('s', 127), 1));
        Assert.Equal(0, bench.Engine.SavedCellCount);
        var running = bench.Submit(LoopBench.Greedy(new string('l', 128), 100));
        bench.Loop.Step();
        // The first batch of the prompt, and nothing else.
        Assert.Equal(64, bench.Loop.UsedCells);
        Assert.Equal(First.Length + Second.Length + 127, bench.Engine.SavedCellCount);
        running.RequestCancel();
        bench.StepUntilIdle();
        Assert.Equal(Second.Length - 1, bench.Run(LoopBench.Greedy(Second, 1)).Usage!.CachedTokenCount);
    }

    [Fact]
    public void A_long_prompt_moves_one_a_step_while_a_stream_waits_for_it()
    {
        var bench = new LoopBench(
            Options with { SequenceCountMax = 4 }, prefixCacheBytes: 1 << 20, idleCellsMax: 1000);
        bench.Submit(LoopBench.Greedy("stream", 100));
        bench.Loop.Step();
        var first = bench.Submit(LoopBench.Greedy(First, 1));
        var second = bench.Submit(LoopBench.Greedy(Second, 1));
        while (!first.HasEnded || !second.HasEnded)
        {
            bench.Loop.Step();
        }

        bench.Submit(LoopBench.Greedy(new string('l', 600), 1));
        bench.Loop.Step();
        Assert.Equal(First.Length, bench.Engine.SavedCellCount);
    }

    [Fact]
    public void Without_a_budget_idle_cells_stay_where_they_are()
    {
        var bench = new LoopBench(Options, prefixCacheBytes: 0, idleCellsMax: 10);
        bench.Run(LoopBench.Greedy(First, 1));
        bench.Run(LoopBench.Greedy(Second, 1));
        Assert.Equal(First.Length + Second.Length, bench.Loop.UsedCells);
        Assert.Equal(0, bench.Engine.SavedCellCount);
    }

    [Fact]
    public void What_RAM_has_no_room_for_stays_in_its_cells()
    {
        var bench = new LoopBench(
            Options with { SequenceCountMax = 4 }, prefixCacheBytes: (68 * 8) + 8, idleCellsMax: 10);
        var large = new string('l', 200);
        bench.Run(LoopBench.Greedy(large, 1));
        bench.Run(LoopBench.Greedy(First, 1));
        bench.Run(LoopBench.Greedy("x", 3));
        // The large one stayed; the other one, though younger, went.
        Assert.Equal(large.Length + 3, bench.Loop.UsedCells);
        Assert.Equal(First.Length, bench.Engine.SavedCellCount);
        Assert.Equal(199, bench.Run(LoopBench.Greedy(large, 1)).Usage!.CachedTokenCount);
    }

    [Fact]
    public void A_preempted_sequence_goes_on_from_RAM()
    {
        var options = Options with { CellCount = 160 };
        var bench = new LoopBench(options, contextTokens: 150, prefixCacheBytes: 1 << 20);
        var older = bench.Submit(LoopBench.Greedy(new string('o', 10), 120));
        var younger = bench.Submit(LoopBench.Greedy(new string('y', 10), 120));
        bench.StepUntilIdle();
        Assert.NotEmpty(bench.Recorder.Of(SchedulerEventKind.Preempted));
        Assert.InRange(bench.Engine.DecodedTokenCount, 2 * 129, (2 * 129) + 6);
        foreach (var (sequence, letter) in new[] { (older, 'o'), (younger, 'y') })
        {
            var alone = new LoopBench(options, contextTokens: 150).Run(LoopBench.Greedy(new string(letter, 10), 120));
            Assert.Equal(alone.Tokens, bench.Read(sequence).Tokens);
        }
    }

    [Fact]
    public void The_budget_holds_and_what_is_unused_for_longest_goes_first()
    {
        var saved = new SavedPrefixes(bytesMax: 300, canCut: true);
        saved.Add(Prefix(1, 2, 3));
        saved.Add(Prefix(4, 5, 6));
        Assert.Equal(2 * 112, saved.Bytes);
        Assert.NotNull(saved.Find(Ask(1, 2, 3, 9), tokensMin: 1, out var tokenCount));
        Assert.Equal(3, tokenCount);
        Assert.True(saved.Holds([1, 2], adapterKey: 0));
        saved.Add(Prefix(7, 8, 9));
        Assert.Equal(2 * 112, saved.Bytes);
        Assert.Null(saved.Find(Ask(4, 5, 6, 9), tokensMin: 1, out _));
        Assert.NotNull(saved.Find(Ask(1, 2, 0, 9), tokensMin: 1, out tokenCount));
        Assert.Equal(2, tokenCount);
        // A longer one takes the place of what it begins with.
        saved.Add(Prefix(1, 2, 3, 4));
        Assert.Equal(112 + 116, saved.Bytes);
        // What would not fit alone takes nobody's place.
        var large = new ArrayOwner(new byte[400]);
        saved.Add(new SavedPrefix([5], adapterKey: 0, large));
        Assert.True(large.Disposed);
        Assert.Equal(2, saved.Count);
        var kept = new ArrayOwner(new byte[290]);
        saved.Add(new SavedPrefix([5], adapterKey: 0, kept));
        Assert.Equal((1, 294), (saved.Count, saved.Bytes));
        Assert.False(kept.Disposed);
        saved.Clear();
        Assert.True(kept.Disposed);
        Assert.Equal(0, saved.Bytes);
    }

    [Fact]
    public void Neither_other_adapters_nor_a_part_of_an_indivisible_state_serve()
    {
        var saved = new SavedPrefixes(bytesMax: 1000, canCut: false);
        saved.Add(Prefix(1, 2, 3));
        Assert.Null(saved.Find(Ask(1, 2, 9, 9), tokensMin: 1, out _));
        Assert.Null(saved.Find(Ask(1, 2, 3), tokensMin: 1, out _));
        Assert.NotNull(saved.Find(Ask(1, 2, 3, 4), tokensMin: 1, out _));
        Assert.False(saved.Holds([1, 2], adapterKey: 0));
        Assert.False(saved.Holds([1, 2, 3], adapterKey: 1));
    }

    private static SavedPrefix Prefix(params int[] tokens) => new(tokens, 0, new ArrayOwner(new byte[100]));

    private static Sequence Ask(params int[] tokens) =>
        new(LoopBench.Greedy("") with { PromptTokens = tokens }, contextTokens: 64, creditTokens: 8, seed: 1);
}
