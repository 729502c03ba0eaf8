using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class DecodeLoopTests
{
    [Fact]
    public void A_reply_comes_out_as_text_and_ends_with_stop()
    {
        var bench = new LoopBench(new ScriptedEngineOptions { Reply = "Grüße, 世界 👋" });
        var chunk = bench.Run(LoopBench.Greedy("hello"));
        Assert.Equal("Grüße, 世界 👋", chunk.Text);
        Assert.Equal(FinishReason.Stop, chunk.FinishReason);
        Assert.Equal(chunk.Tokens.Count + 1, chunk.Usage!.CompletionTokenCount);
        Assert.Equal(5, chunk.Usage.PromptTokenCount);
        Assert.Equal(0, chunk.Usage.CachedTokenCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_token_limit_ends_with_length(int limit)
    {
        var bench = new LoopBench(new ScriptedEngineOptions { Reply = "abcdef" });
        var chunk = bench.Run(LoopBench.Greedy("x", limit));
        Assert.Equal("abcdef"[..limit], chunk.Text);
        Assert.Equal(FinishReason.Length, chunk.FinishReason);
        Assert.Equal(limit, chunk.Usage!.CompletionTokenCount);
    }

    [Fact]
    public void A_stop_sequence_that_ends_with_the_last_token_allowed_is_a_stop()
    {
        var bench = new LoopBench(new ScriptedEngineOptions { Reply = "abcdef" });
        var chunk = bench.Run(LoopBench.Greedy("x", 4) with { StopSequences = ["cd"] });
        Assert.Equal("ab", chunk.Text);
        Assert.Equal(FinishReason.Stop, chunk.FinishReason);
    }

    [Fact]
    public void Many_sequences_give_the_same_tokens_as_each_alone()
    {
        var options = new ScriptedEngineOptions { SequenceCountMax = 16, CellCount = 4096 };
        var requests = Enumerable.Range(0, 64)
            .Select(index => LoopBench.Greedy(new string((char)('a' + (index % 26)), 1 + (index * 7 % 90)), 50) with
            {
                Sampling = index % 2 == 0
                    ? new SamplingOptions { Temperature = 0 }
                    : new SamplingOptions { Seed = (uint)index, RepeatPenalty = 1.2f },
            })
            .ToList();
        var together = new LoopBench(options) { CreditTokens = 64 };
        var sequences = new List<Ollama.Platform.Inference.Sequences.Sequence>();
        foreach (var request in requests)
        {
            var sequence = together.Make(request);
            while (together.Loop.TrySubmit(sequence) == SubmitOutcome.QueueFull)
            {
                Assert.True(together.Loop.Step());
            }

            sequences.Add(sequence);
        }

        together.StepUntilIdle();
        for (var index = 0; index < requests.Count; index++)
        {
            var alone = new LoopBench(options).Run(requests[index]);
            var shared = together.Read(sequences[index]);
            Assert.Equal(alone.Tokens, shared.Tokens);
            Assert.Equal(alone.FinishReason, shared.FinishReason);
        }
    }

    [Fact]
    public void A_canceled_sequence_frees_its_slot_before_the_next_step_is_composed()
    {
        var bench = new LoopBench(new ScriptedEngineOptions { EndEvery = 0 }, slotCount: 1);
        var first = bench.Submit(LoopBench.Greedy("first", -1));
        var second = bench.Submit(LoopBench.Greedy("second", 5));
        bench.Loop.Step();
        bench.Loop.Step();
        first.RequestCancel();
        bench.Loop.Step();
        var events = bench.Recorder.Events.Where(item => item.Step == 3).ToList();
        Assert.Equal(
            [SchedulerEventKind.Canceled, SchedulerEventKind.SlotFreed, SchedulerEventKind.Admitted,
                SchedulerEventKind.Prefilled, SchedulerEventKind.Decoded],
            events.Select(item => item.Kind));
        Assert.Equal([first.Id, first.Id, second.Id, second.Id, second.Id], events.Select(item => item.SequenceId));
        Assert.Equal(FinishReason.Canceled, bench.Read(first).FinishReason);
    }

    [Fact]
    public void A_canceled_sequence_that_waits_never_gets_a_slot()
    {
        var bench = new LoopBench(new ScriptedEngineOptions { EndEvery = 0 }, slotCount: 1);
        bench.Submit(LoopBench.Greedy("first", 3));
        var second = bench.Submit(LoopBench.Greedy("second", 3));
        bench.Loop.Step();
        second.RequestCancel();
        bench.StepUntilIdle();
        Assert.DoesNotContain(bench.Recorder.Of(second.Id), item => item.Slot >= 0);
        Assert.Equal(0, bench.Read(second).Usage!.CompletionTokenCount);
    }

    [Fact]
    public void Running_sequences_decode_while_a_long_prompt_is_computed_in_parts()
    {
        var bench = new LoopBench(new ScriptedEngineOptions { EndEvery = 0, BatchTokensMax = 16 });
        var running = bench.Submit(LoopBench.Greedy("r", 20));
        bench.Loop.Step();
        var prompt = bench.Submit(LoopBench.Greedy(new string('p', 40), 1));
        bench.StepUntilIdle();
        var parts = bench.Recorder.Of(prompt.Id).Where(item => item.Kind == SchedulerEventKind.Prefilled).ToList();
        Assert.Equal([15, 15, 10], parts.Select(item => item.Count));
        foreach (var part in parts)
        {
            Assert.Contains(
                bench.Recorder.Of(running.Id),
                item => item.Step == part.Step && item.Kind == SchedulerEventKind.Decoded);
        }
    }

    [Fact]
    public void A_long_prompt_does_not_hold_up_a_running_sequence_beyond_the_limit()
    {
        LoopBench? bench = null;
        var options = new ScriptedEngineOptions
        {
            EndEvery = 0,
            CellCount = 2048,
            BatchTokensMax = 256,
            Interfere = batch =>
            {
                bench!.Time.Advance(TimeSpan.FromMilliseconds(10 + batch.Count));
                return null;
            },
        };
        bench = new LoopBench(options, tokenDelayMax: TimeSpan.FromMilliseconds(60));
        bench.Submit(LoopBench.Greedy(new string('r', 30), -1));
        for (var step = 0; step < 20; step++)
        {
            bench.Loop.Step();
        }

        var prompt = bench.Submit(LoopBench.Greedy(new string('p', 600), 1));
        while (!prompt.HasEnded)
        {
            var started = bench.Time.GetTimestamp();
            Assert.True(bench.Loop.Step());
            Assert.InRange(bench.Time.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromMilliseconds(66));
        }

        var parts = bench.Recorder.Of(prompt.Id).Where(item => item.Kind == SchedulerEventKind.Prefilled).ToList();
        Assert.InRange(parts.Count, 600 / 52, 600 / 40);
    }

    [Fact]
    public void Work_that_nobody_waits_for_any_more_ends_without_the_engine()
    {
        var bench = new LoopBench(new ScriptedEngineOptions { EndEvery = 0 }, slotCount: 1);
        var running = bench.Submit(LoopBench.Greedy("running", -1) with { Deadline = TimeSpan.FromSeconds(9) });
        var late = bench.Submit(LoopBench.Greedy("late", 5) with { Deadline = TimeSpan.FromSeconds(2) });
        bench.Loop.Step();
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        bench.Loop.Step();
        Assert.True(late.End.Expired);
        Assert.DoesNotContain(bench.Recorder.Of(late.Id), item => item.Slot >= 0);
        Assert.False(running.HasEnded);
        bench.Time.Advance(TimeSpan.FromSeconds(7));
        var decodes = bench.Engine.DecodeCount;
        bench.Loop.Step();
        Assert.True(running.End.Expired);
        Assert.Equal(decodes, bench.Engine.DecodeCount);
        Assert.Equal(SchedulerEventKind.Expired, bench.Recorder.Events[^2].Kind);
    }

    [Fact]
    public void A_full_queue_refuses_the_next_sequence()
    {
        var bench = new LoopBench(new ScriptedEngineOptions { EndEvery = 0 }, slotCount: 2);
        for (var count = 0; count < 18; count++)
        {
            bench.Submit(LoopBench.Greedy("x", 5));
        }

        Assert.Equal(SubmitOutcome.QueueFull, bench.Loop.TrySubmit(bench.Make(LoopBench.Greedy("x"))));
        bench.StepUntilIdle();
        Assert.Equal(SubmitOutcome.Accepted, bench.Loop.TrySubmit(bench.Make(LoopBench.Greedy("x"))));
    }

    [Fact]
    public void A_slow_reader_pauses_its_own_sequence_only()
    {
        var bench = new LoopBench(new ScriptedEngineOptions { EndEvery = 0 }, slotCount: 2) { CreditTokens = 8 };
        var slow = bench.Submit(LoopBench.Greedy("slow", 100));
        var other = bench.Submit(LoopBench.Greedy("other", 8));
        bench.StepUntilIdle();
        Assert.True(other.HasEnded);
        Assert.False(slow.HasEnded);
        Assert.Equal(8, slow.CompletionTokenCount);
        Assert.Equal(8, bench.Read(slow).Tokens.Count);
        bench.StepUntilIdle();
        Assert.Equal(16, slow.CompletionTokenCount);
    }

    [Fact]
    public void A_stalled_sequence_gives_its_slot_to_one_that_waits_and_goes_on_later()
    {
        var options = new ScriptedEngineOptions { EndEvery = 0 };
        var bench = new LoopBench(options, slotCount: 1) { CreditTokens = 8 };
        var stalled = bench.Submit(LoopBench.Greedy("stalled", 20));
        bench.StepUntilIdle();
        var other = bench.Submit(LoopBench.Greedy("other", 8));
        bench.StepUntilIdle();
        Assert.True(other.HasEnded);
        List<int> tokens = [];
        var stream = new Ollama.Platform.Inference.Sequences.SequenceStream(
            stalled, bench.Engine.Pieces, TimeProvider.System);
        while (!stream.Completed)
        {
            var chunk = stream.TryTake();
            Assert.NotNull(chunk);
            tokens.AddRange(chunk.Tokens);
            stalled.Grant(chunk.Tokens.Count);
            bench.StepUntilIdle();
        }

        Assert.Equal(new LoopBench(options).Run(LoopBench.Greedy("stalled", 20)).Tokens, tokens);
    }

    [Fact]
    public void A_full_cache_preempts_the_youngest_and_changes_no_result()
    {
        var options = new ScriptedEngineOptions { EndEvery = 0, CellCount = 160, SequenceCountMax = 2 };
        var bench = new LoopBench(options, contextTokens: 150);
        var older = bench.Submit(LoopBench.Greedy(new string('o', 10), 120));
        var younger = bench.Submit(LoopBench.Greedy(new string('y', 10), 120));
        bench.StepUntilIdle();
        var preempted = bench.Recorder.Of(SchedulerEventKind.Preempted);
        Assert.NotEmpty(preempted);
        Assert.All(preempted, item => Assert.Equal(younger.Id, item.SequenceId));
        foreach (var (sequence, letter) in new[] { (older, 'o'), (younger, 'y') })
        {
            var alone = new LoopBench(options, contextTokens: 150).Run(LoopBench.Greedy(new string(letter, 10), 120));
            Assert.Equal(alone.Tokens, bench.Read(sequence).Tokens);
        }
    }

    [Fact]
    public void An_engine_with_fewer_cells_than_promised_still_serves_everybody()
    {
        var options = new ScriptedEngineOptions
        {
            EndEvery = 0,
            CellCount = 200,
            MissingCellCount = 60,
            SequenceCountMax = 4,
        };
        var bench = new LoopBench(options, contextTokens: 100);
        var sequences = Enumerable.Range(0, 4)
            .Select(index => bench.Submit(LoopBench.Greedy(new string((char)('a' + index), 30), 60)))
            .ToList();
        bench.StepUntilIdle();
        Assert.All(sequences, sequence => Assert.Equal(60, bench.Read(sequence).Tokens.Count));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_full_context_shifts_or_ends(bool shift, bool canShift)
    {
        var bench = new LoopBench(
            new ScriptedEngineOptions { EndEvery = 0, CanShift = canShift }, contextTokens: 40);
        var chunk = bench.Run(LoopBench.Greedy(new string('p', 20), 100) with { Shift = shift, KeepTokens = 4 });
        Assert.Equal(FinishReason.Length, chunk.FinishReason);
        if (!shift || !canShift)
        {
            // The last token needs no cell, and one cell stays free, as in llama-server.
            Assert.Equal(40 - 20, chunk.Tokens.Count);
            return;
        }

        Assert.Equal(100, chunk.Tokens.Count);
        var shifts = bench.Recorder.Of(SchedulerEventKind.Shifted);
        Assert.NotEmpty(shifts);
        Assert.All(shifts, item => Assert.Equal((39 - 4) / 2, item.Count));
    }

    [Fact]
    public void A_failing_engine_ends_every_sequence_with_its_reason()
    {
        var bench = new LoopBench(
            new ScriptedEngineOptions { Interfere = _ => StepOutcome.Failed }, slotCount: 1);
        var running = bench.Submit(LoopBench.Greedy("a"));
        var waiting = bench.Submit(LoopBench.Greedy("b"));
        bench.StepUntilIdle();
        Assert.True(bench.Loop.HasEnded);
        Assert.All([running, waiting], sequence => Assert.Equal(FinishReason.Error, sequence.End.Reason));
        Assert.Equal(SubmitOutcome.Stopped, bench.Loop.TrySubmit(bench.Make(LoopBench.Greedy("c"))));
    }

    [Fact]
    public void An_aborted_batch_is_computed_again()
    {
        var aborts = 0;
        var options = new ScriptedEngineOptions { EndEvery = 0 };
        var expected = new LoopBench(options).Run(LoopBench.Greedy("abc", 10));
        var bench = new LoopBench(options with
        {
            Interfere = _ => ++aborts % 3 == 0 ? StepOutcome.Aborted : null,
        });
        Assert.Equal(expected.Tokens, bench.Run(LoopBench.Greedy("abc", 10)).Tokens);
    }

    [Fact]
    public void Logits_without_a_number_end_the_sequence_and_no_other()
    {
        var options = new ScriptedEngineOptions { Script = history => history[0] == 'n' ? -2 : 'x' };
        var bench = new LoopBench(options);
        var broken = bench.Submit(LoopBench.Greedy("not a number", 3));
        var healthy = bench.Submit(LoopBench.Greedy("healthy", 3));
        bench.StepUntilIdle();
        Assert.Equal(FinishReason.Error, broken.End.Reason);
        Assert.Equal("xxx", bench.Read(healthy).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_decode_thread_allocates_nothing_for_a_token(bool drafting)
    {
        var options = new ScriptedEngineOptions { EndEvery = 0, CellCount = 16_384 };
        var bench = new LoopBench(
            drafting ? options with { Draft = options } : options, slotCount: 4, contextTokens: 4096)
        {
            CreditTokens = 4096,
        };
        var loop = new DecodeLoop(bench.Engine, LimitsOf(bench), TimeProvider.System);
        for (var index = 0; index < 4; index++)
        {
            loop.TrySubmit(bench.Make(LoopBench.Greedy("prompt " + index, 3000) with
            {
                Sampling = new SamplingOptions { RepeatPenalty = 1.1f, Seed = 5, TopK = index == 0 ? 0 : 40 },
                StopSequences = ["never to be seen"],
                LogProbs = index == 3,
                TopLogProbCount = 5,
                DraftTokensMax = index == 1 || drafting ? 4 : 0,
                Deadline = TimeSpan.FromDays(1),
                Priority = index,
            }));
        }

        for (var step = 0; step < 200; step++)
        {
            loop.Step();
        }

        // Fewer where several tokens of a step are right: no sequence may end meanwhile. What is allocated for a token
        // is allocated in each of the three; what the runtime itself needs once, when others keep it busy, is not.
        var stepCount = drafting ? 100 : 330;
        var allocated = Enumerable.Range(0, 3).Select(_ => Allocate(loop, stepCount)).ToList();
        Assert.Contains(0, allocated);
        Assert.All(loop.Slots.ToArray(), slot => Assert.InRange(slot.Sequence!.CompletionTokenCount, 400, 2999));
    }

    private static long Allocate(DecodeLoop loop, int stepCount)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < stepCount; step++)
        {
            loop.Step();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static SchedulerLimits LimitsOf(LoopBench bench) => new()
    {
        SlotCount = 4,
        CellCount = bench.Engine.Description.CellCount,
        ContextTokens = bench.ContextTokens,
        BatchTokensMax = bench.Engine.Description.BatchTokensMax,
        QueueLengthMax = 4,
        TokenDelayMax = TimeSpan.FromMilliseconds(50),
        PrefixCacheBytes = 1 << 20,
    };
}
