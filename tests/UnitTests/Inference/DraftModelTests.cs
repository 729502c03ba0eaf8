using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>A draft model: the same completion in fewer steps, whatever it says and whatever happens to it.</summary>
public sealed class DraftModelTests
{
    private const string Text = "It was a bright cold day in April, and the clocks were striking thirteen. ";
    private static readonly ScriptedEngineOptions Talking = new()
    {
        EndEvery = 0,
        CellCount = 2048,
        Script = history => Text[history.Length % Text.Length],
    };

    private static readonly ScriptedEngineOptions Agreeing = Talking with { Draft = Talking };

    private static readonly ScriptedEngineOptions Wrong = Talking with
    {
        Draft = Talking with { Script = _ => '?' },
    };

    [Fact]
    public void What_a_draft_model_knows_takes_fewer_steps_and_is_the_same()
    {
        var request = LoopBench.Greedy("new text", 120);
        var plain = new LoopBench(Talking);
        var expected = plain.Run(request);
        var bench = new LoopBench(Agreeing);
        var drafted = bench.Run(request with { DraftTokensMax = 4 });
        Assert.Equal(expected.Tokens, drafted.Tokens);
        Assert.Equal(expected.FinishReason, drafted.FinishReason);
        Assert.InRange(bench.Engine.DecodeCount, 1, (plain.Engine.DecodeCount / 5) + 2);
        Assert.Equal((0, 0), (expected.Usage!.ProposedTokenCount, expected.Usage.AcceptedTokenCount));
        Assert.InRange(drafted.Usage!.ProposedTokenCount, 90, 100);
        Assert.Equal(drafted.Usage.ProposedTokenCount, drafted.Usage.AcceptedTokenCount);
        Assert.Equal(bench.Engine.UsedCellCount, bench.Loop.UsedCells);
        // It reads the prompt once, and then each token once.
        Assert.InRange(bench.Engine.ScriptedDraft!.DecodedTokenCount, 110, 135);
    }

    [Fact]
    public void Without_the_wish_it_is_not_asked()
    {
        var bench = new LoopBench(Agreeing);
        bench.Run(LoopBench.Greedy("new text", 120));
        Assert.Equal(0, bench.Engine.ScriptedDraft!.DecodeCount);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1.5f)]
    public void Sampling_is_the_same_with_a_draft_model_as_without(float temperature)
    {
        var options = new ScriptedEngineOptions
        {
            EndEvery = 90,
            CellCount = 2048,
            Pieces = [[(byte)'a'], [(byte)'b'], []],
        };
        var accepted = 0;
        for (var seed = 1u; seed <= 20; seed++)
        {
            var request = LoopBench.Greedy("", 100) with
            {
                PromptTokens = [0, 1, 1, 0, 1, 0, 0, 1],
                Sampling = new SamplingOptions { Temperature = temperature, Seed = seed, RepeatPenalty = 1.1f },
                LogProbs = true,
                TopLogProbCount = 2,
                StopSequences = ["aaaaaabbb"],
            };
            var expected = new LoopBench(options).Run(request);
            var bench = new LoopBench(options with { Draft = options });
            var drafted = bench.Run(request with { DraftTokensMax = 5 });
            Assert.Equal(expected.Tokens, drafted.Tokens);
            Assert.Equal(
                expected.LogProbs.Select(logProb => logProb.LogProb),
                drafted.LogProbs.Select(logProb => logProb.LogProb));
            Assert.Equal(expected.FinishReason, drafted.FinishReason);
            accepted += bench.Recorder.Of(SchedulerEventKind.Drafted).Sum(item => item.Count);
        }

        Assert.InRange(accepted, 100, int.MaxValue);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sequences_with_adapters_are_the_same_with_proposals_as_without(bool hasDraftModel)
    {
        var options = new ScriptedEngineOptions
        {
            EndEvery = 90,
            CellCount = 4096,
            Pieces = [[(byte)'a'], [(byte)'b'], []],
        };
        var requests = Enumerable.Range(0, 6).Select(index => LoopBench.Greedy("", 100) with
        {
            PromptTokens = [0, 1, 1, 0, 1, 0, 0, 1, index % 2],
            AdapterKey = index % 3,
        }).ToList();
        var bench = new LoopBench(hasDraftModel ? options with { Draft = options } : options);
        var sequences = requests.ConvertAll(request => bench.Submit(request with { DraftTokensMax = 4 }));
        bench.StepUntilIdle();
        for (var index = 0; index < requests.Count; index++)
        {
            Assert.Equal(new LoopBench(options).Run(requests[index]).Tokens, bench.Read(sequences[index]).Tokens);
        }

        var accepted = bench.Recorder.Of(SchedulerEventKind.Drafted).Where(item => item.Count > 0).ToList();
        Assert.Contains(accepted, item => sequences.Any(one => one.Id == item.SequenceId && one.AdapterKey > 0));
        Assert.Equal(bench.Engine.UsedCellCount, bench.Loop.UsedCells);
    }

    [Fact]
    public void A_draft_model_that_is_wrong_is_asked_rarely()
    {
        var bench = Timed(Wrong, _ => TimeSpan.FromMilliseconds(10), _ => TimeSpan.FromMilliseconds(2));
        var expected = new LoopBench(Talking).Run(LoopBench.Greedy("new text", 400));
        Assert.Equal(
            expected.Tokens, bench.Run(LoopBench.Greedy("new text", 400) with { DraftTokensMax = 4 }).Tokens);
        Assert.InRange(bench.Engine.ScriptedDraft!.DecodeCount, 1, 120);
        Assert.All(bench.Recorder.Of(SchedulerEventKind.Drafted), item => Assert.Equal(0, item.Count));
    }

    [Fact]
    public void A_draft_model_that_takes_as_long_as_the_model_is_asked_rarely()
    {
        var bench = Timed(Agreeing, _ => TimeSpan.FromMilliseconds(10), _ => TimeSpan.FromMilliseconds(10));
        bench.Run(LoopBench.Greedy("new text", 400) with { DraftTokensMax = 4 });
        // Four for each step would be 320.
        Assert.InRange(bench.Engine.ScriptedDraft!.DecodeCount, 1, 60);
    }

    [Fact]
    public void A_quick_draft_model_goes_on_for_several_sequences_at_a_time()
    {
        var bench = Timed(
            Agreeing,
            batch => TimeSpan.FromMilliseconds(10 + (batch.Count * 0.1)),
            _ => TimeSpan.FromMilliseconds(1));
        var sequences = Enumerable.Range(0, 4)
            .Select(index => bench.Submit(LoopBench.Greedy("text " + index, 100) with { DraftTokensMax = 4 }))
            .ToList();
        bench.StepUntilIdle();
        Assert.All(sequences, sequence => Assert.Equal(100, bench.Read(sequence).Tokens.Count));
        Assert.InRange(bench.Engine.DecodeCount, 1, 40);
        // All of them in the same rounds.
        Assert.InRange(bench.Engine.ScriptedDraft!.DecodeCount, 1, 120);
    }

    [Fact]
    public void A_prompt_that_another_sequence_began_with_is_not_read_again()
    {
        var bench = new LoopBench(Agreeing);
        var shared = new string('s', 500);
        bench.Run(LoopBench.Greedy(shared + "one", 20) with { DraftTokensMax = 4 });
        var before = bench.Engine.ScriptedDraft!.DecodedTokenCount;
        var together = Enumerable.Range(0, 3)
            .Select(index => bench.Submit(
                LoopBench.Greedy(shared + "number " + index, 20) with { DraftTokensMax = 4 }))
            .ToList();
        bench.StepUntilIdle();
        Assert.All(together, sequence => Assert.True(sequence.HasEnded));
        Assert.InRange(bench.Engine.ScriptedDraft.DecodedTokenCount - before, 3 * 20, 3 * 50);
    }

    [Fact]
    public void A_long_prompt_is_read_a_batch_at_each_step()
    {
        var bench = new LoopBench(Agreeing);
        var request = LoopBench.Greedy(new string('p', 300), 40);
        var expected = new LoopBench(Talking).Run(request);
        var sequence = bench.Submit(request with { DraftTokensMax = 4 });
        while (sequence.CompletionTokenCount < 3)
        {
            var before = bench.Engine.ScriptedDraft!.DecodedTokenCount;
            bench.Loop.Step();
            Assert.InRange(bench.Engine.ScriptedDraft.DecodedTokenCount - before, 0, 64);
        }

        bench.StepUntilIdle();
        Assert.Equal(expected.Tokens, bench.Read(sequence).Tokens);
        Assert.Contains(bench.Recorder.Of(SchedulerEventKind.Drafted), item => item.Count == 4);
    }

    [Fact]
    public void A_long_prompt_is_read_no_faster_than_running_streams_can_bear()
    {
        LoopBench? bench = null;
        var options = Talking with { BatchTokensMax = 512 };
        bench = new LoopBench(
            options with
            {
                Draft = options with
                {
                    Interfere = batch =>
                    {
                        bench!.Time.Advance(TimeSpan.FromMilliseconds(batch.Count));
                        return null;
                    },
                },
            },
            tokenDelayMax: TimeSpan.FromMilliseconds(50));
        var sequence = bench.Submit(LoopBench.Greedy(new string('p', 1000), 100) with { DraftTokensMax = 4 });
        var longest = TimeSpan.Zero;
        for (var step = 0; !sequence.HasEnded; step++)
        {
            var started = bench.Time.GetTimestamp();
            bench.Loop.Step();
            var elapsed = bench.Time.GetElapsedTime(started);
            // The first batch is a guess.
            longest = elapsed > longest && sequence.CompletionTokenCount > 2 ? elapsed : longest;
        }

        Assert.InRange(longest.TotalMilliseconds, 20, 60);
        Assert.Contains(bench.Recorder.Of(SchedulerEventKind.Drafted), item => item.Count == 4);
    }

    [Theory]
    [InlineData(StepOutcome.Failed)]
    [InlineData(StepOutcome.Aborted)]
    [InlineData(StepOutcome.KvCacheFull)]
    public void A_draft_model_that_does_not_compute_holds_up_nobody(StepOutcome outcome)
    {
        var calls = 0;
        var bench = new LoopBench(Talking with
        {
            Draft = Talking with { Interfere = _ => ++calls % 5 == 0 ? outcome : null },
        });
        var request = LoopBench.Greedy("new text", 300);
        Assert.Equal(
            new LoopBench(Talking).Run(request).Tokens, bench.Run(request with { DraftTokensMax = 4 }).Tokens);
        if (outcome == StepOutcome.Failed)
        {
            Assert.Equal(5, calls);
        }
        else
        {
            Assert.InRange(calls, 6, 300);
        }
    }

    [Fact]
    public void Too_few_cells_for_everybody_make_room_by_forgetting()
    {
        var bench = new LoopBench(Talking with { Draft = Talking with { CellCount = 150 } }, slotCount: 4);
        var sequences = Enumerable.Range(0, 12)
            .Select(index => bench.Submit(
                LoopBench.Greedy($"{index} {new string('x', 30)}", 40) with { DraftTokensMax = 4 }))
            .ToList();
        bench.StepUntilIdle();
        Assert.All(sequences, sequence => Assert.Equal(40, bench.Read(sequence).Tokens.Count));
        Assert.Contains(bench.Recorder.Of(SchedulerEventKind.Drafted), item => item.Count > 0);
    }

    [Fact]
    public void Idle_cells_go_when_they_are_too_many()
    {
        var bench = new LoopBench(Agreeing, slotCount: 4, idleCellsMax: 100);
        foreach (var letter in "abcdef")
        {
            bench.Run(LoopBench.Greedy(new string(letter, 60), 20) with { DraftTokensMax = 4 });
        }

        Assert.InRange(bench.Engine.ScriptedDraft!.UsedCellCount, 1, 200);
    }

    [Fact]
    public void A_full_context_shifts_as_without_a_draft_model()
    {
        var request = LoopBench.Greedy(Text, 300) with { KeepTokens = 4 };
        Assert.Equal(
            new LoopBench(Talking, contextTokens: 128).Run(request).Tokens,
            new LoopBench(Agreeing, contextTokens: 128).Run(request with { DraftTokensMax = 16 }).Tokens);
    }

    [Fact]
    public void Beyond_its_own_context_and_vocabulary_it_is_not_asked()
    {
        var bench = new LoopBench(Talking with { Draft = Talking with { CellCount = 64 } });
        Assert.Equal(100, bench.Run(LoopBench.Greedy("text", 100) with { DraftTokensMax = 4 }).Tokens.Count);
        Assert.InRange(bench.Engine.ScriptedDraft!.UsedCellCount, 1, 64);
        var padded = Talking with
        {
            Draft = Talking with
            {
                Pieces = [.. ScriptedEngine.BytePieces(), [(byte)'!']],
                Script = _ => 257,
            },
        };
        Assert.Equal(
            new LoopBench(Talking).Run(LoopBench.Greedy("text", 50)).Tokens,
            new LoopBench(padded).Run(LoopBench.Greedy("text", 50) with { DraftTokensMax = 4 }).Tokens);
        var narrow = Talking with { Draft = Talking with { Pieces = [.. ScriptedEngine.BytePieces().Take(70), []] } };
        var narrowBench = new LoopBench(narrow);
        narrowBench.Run(LoopBench.Greedy("text", 50) with { DraftTokensMax = 4 });
        Assert.Equal(0, narrowBench.Engine.ScriptedDraft!.DecodeCount);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_state_that_cannot_be_cut_takes_no_proposals(bool modelCuts, bool draftCuts)
    {
        var options = Talking with { CanCut = modelCuts, Draft = Talking with { CanCut = draftCuts } };
        var bench = new LoopBench(options);
        Assert.Equal(50, bench.Run(LoopBench.Greedy("text", 50) with { DraftTokensMax = 4 }).Tokens.Count);
        Assert.Equal(0, bench.Engine.ScriptedDraft!.DecodeCount);
    }

    private static LoopBench Timed(
        ScriptedEngineOptions options, Func<EngineBatch, TimeSpan> model, Func<EngineBatch, TimeSpan> draft)
    {
        LoopBench? bench = null;
        return bench = new LoopBench(options with
        {
            Interfere = Taking(model),
            Draft = options.Draft! with { Interfere = Taking(draft) },
        });

        Func<EngineBatch, StepOutcome?> Taking(Func<EngineBatch, TimeSpan> duration) => batch =>
        {
            bench!.Time.Advance(duration(batch));
            return null;
        };
    }
}
