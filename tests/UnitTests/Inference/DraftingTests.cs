using Ollama.Platform.Inference.Drafting;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>Proposed tokens: the same completion in fewer steps, or none where they do not pay.</summary>
public sealed class DraftingTests
{
    private const string Quote = "the quick brown fox jumps over the lazy dog and the quick brown fox sleeps. ";
    private static readonly ScriptedEngineOptions Quoting = new()
    {
        EndEvery = 0,
        CellCount = 2048,
        // Always goes on with the quotation, whatever came before.
        Script = history => Quote[history.Length % Quote.Length],
    };

    [Theory]
    [InlineData(new[] { 1, 2, 3, 9, 1, 2, 3 }, new[] { 9, 1, 2, 3 })]
    [InlineData(new[] { 7, 1, 2, 8, 7, 5, 1, 2 }, new[] { 8, 7, 5, 1 })]
    [InlineData(new[] { 4, 4, 4 }, new[] { 4 })]
    [InlineData(new[] { 1, 2, 3, 4 }, new int[0])]
    [InlineData(new[] { 5, 5 }, new int[0])]
    [InlineData(new[] { 5 }, new int[0])]
    public void What_followed_the_latest_tokens_before_is_proposed(int[] tokens, int[] expected)
    {
        var draft = new int[4];
        Assert.Equal(expected, draft[..PromptLookup.Propose(tokens, draft)]);
    }

    [Fact]
    public void The_latest_place_counts()
    {
        var draft = new int[1];
        Assert.Equal(1, PromptLookup.Propose([1, 2, 3, 1, 2, 4, 1, 2], draft));
        Assert.Equal(4, draft[0]);
    }

    [Fact]
    public void A_quotation_takes_fewer_steps_and_is_the_same()
    {
        var request = LoopBench.Greedy(Quote, 120);
        var plain = new LoopBench(Quoting);
        var expected = plain.Run(request);
        var bench = new LoopBench(Quoting);
        var drafted = bench.Run(request with { DraftTokensMax = 4 });
        Assert.Equal(expected.Tokens, drafted.Tokens);
        Assert.Equal(expected.Text, drafted.Text);
        Assert.Equal(expected.FinishReason, drafted.FinishReason);
        Assert.InRange(bench.Engine.DecodeCount, 1, plain.Engine.DecodeCount / 3);
        Assert.Equal(bench.Engine.UsedCellCount, bench.Loop.UsedCells);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1.5f)]
    public void Sampling_is_the_same_with_proposals_as_without(float temperature)
    {
        // Two letters: what follows the latest ones is often right and often wrong.
        var options = new ScriptedEngineOptions
        {
            EndEvery = 90,
            CellCount = 2048,
            Pieces = [[(byte)'a'], [(byte)'b'], []],
        };
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
            var bench = new LoopBench(options);
            var drafted = bench.Run(request with { DraftTokensMax = 5 });
            Assert.NotEmpty(bench.Recorder.Of(SchedulerEventKind.Drafted));
            Assert.Equal(expected.Tokens, drafted.Tokens);
            Assert.Equal(
                expected.LogProbs.Select(logProb => logProb.LogProb),
                drafted.LogProbs.Select(logProb => logProb.LogProb));
            Assert.Equal(expected.FinishReason, drafted.FinishReason);
            Assert.Equal(bench.Engine.UsedCellCount, bench.Loop.UsedCells);
        }
    }

    [Fact]
    public void Proposals_end_where_the_engine_takes_as_long_for_each_token()
    {
        var bench = Timed(batch => TimeSpan.FromMilliseconds(10 * batch.Count));
        bench.Run(LoopBench.Greedy(Quote, 400) with { DraftTokensMax = 8 });
        // Each size is tried once, and later now and then.
        Assert.InRange(bench.Recorder.Of(SchedulerEventKind.Drafted).Count, 1, 40);
    }

    [Fact]
    public void Proposals_go_on_where_a_step_takes_as_long_with_them()
    {
        var bench = Timed(_ => TimeSpan.FromMilliseconds(10));
        bench.Run(LoopBench.Greedy(Quote, 400) with { DraftTokensMax = 8 });
        Assert.InRange(bench.Engine.DecodeCount, 1, 400 / 4);
    }

    [Fact]
    public void Wrong_proposals_become_rare()
    {
        var costs = new StepCosts();
        for (var tokenCount = 1; tokenCount <= 5; tokenCount++)
        {
            costs.Measure(tokenCount, TimeSpan.FromMilliseconds(8 + (2 * tokenCount)));
        }

        var policy = new DraftPolicy();
        var proposed = 0;
        for (var step = 0; step < 1000; step++)
        {
            var count = policy.Choose(4, otherCount: 0, costs);
            proposed += count > 0 ? 1 : 0;
            if (count > 0)
            {
                policy.Observe(count, acceptedCount: 0);
            }
        }

        Assert.InRange(proposed, 2, 40);
        Assert.InRange(policy.AcceptRate, 0, 0.4);
    }

    [Fact]
    public void A_step_that_took_long_once_counts_little_and_one_that_does_so_always_counts()
    {
        var costs = new StepCosts();
        costs.Measure(1, TimeSpan.FromMilliseconds(10));
        costs.Measure(1, TimeSpan.FromSeconds(10));
        Assert.Equal(0.012, costs.Estimate(1), 6);
        for (var step = 0; step < 100; step++)
        {
            costs.Measure(1, TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal(0.05, costs.Estimate(1), 6);
    }

    [Fact]
    public void What_is_right_but_does_not_pay_is_tried_more_and_more_rarely()
    {
        var costs = new StepCosts();
        for (var tokenCount = 1; tokenCount <= 5; tokenCount++)
        {
            costs.Measure(tokenCount, TimeSpan.FromMilliseconds(10));
        }

        var policy = new DraftPolicy();
        var proposed = 0;
        for (var step = 0; step < 1000; step++)
        {
            var count = policy.Choose(4, otherCount: 0, costs, tokenSeconds: 0.01);
            proposed += count > 0 ? 1 : 0;
            policy.Observe(count, acceptedCount: count);
        }

        Assert.InRange(proposed, 3, 10);
        // Once it pays, it goes on.
        for (var step = 0; step < 2000; step++)
        {
            policy.Observe(policy.Choose(4, otherCount: 0, costs, tokenSeconds: 0.001), acceptedCount: 4);
        }

        Assert.Equal(4, policy.Choose(4, otherCount: 0, costs, tokenSeconds: 0.001));
    }

    [Fact]
    public void A_draft_never_exceeds_credit_limit_or_context()
    {
        var bench = new LoopBench(Quoting, contextTokens: 128) { CreditTokens = 3 };
        var sequence = bench.Submit(LoopBench.Greedy(Quote, 10) with { DraftTokensMax = 16 });
        var read = 0;
        while (!sequence.HasEnded)
        {
            bench.StepUntilIdle();
            var chunk = bench.Read(sequence);
            Assert.InRange(chunk.Tokens.Count, 0, 3);
            read += chunk.Tokens.Count;
        }

        Assert.Equal((10, 10), (read, sequence.CompletionTokenCount));
        var shifting = LoopBench.Greedy(Quote, 200) with { KeepTokens = 4 };
        Assert.Equal(
            new LoopBench(Quoting, contextTokens: 128).Run(shifting).Tokens,
            new LoopBench(Quoting, contextTokens: 128).Run(shifting with { DraftTokensMax = 16 }).Tokens);
    }

    private static LoopBench Timed(Func<EngineBatch, TimeSpan> duration)
    {
        LoopBench? bench = null;
        bench = new LoopBench(Quoting with
        {
            Interfere = batch =>
            {
                bench!.Time.Advance(duration(batch));
                return null;
            },
        });
        return bench;
    }
}
