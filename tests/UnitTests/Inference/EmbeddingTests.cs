using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class EmbeddingTests
{
    private static readonly ScriptedEngineOptions Options = new() { SequenceCountMax = 4, MicroBatchTokensMax = 32 };

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    [Fact]
    public void Inputs_of_all_requests_are_packed_into_full_batches()
    {
        var bench = new LoopBench(Options);
        var first = Submit(bench, [Input(10), Input(10), Input(20), Input(3)]);
        var second = Submit(bench, [Input(3), Input(3), Input(3), Input(32)]);
        bench.StepUntilIdle();
        // 10 + 3 + 3 + 3 are four sequences; then the second request is behind, and its 32 fill a batch; 10 + 20; 3.
        Assert.Equal([4, 1, 2, 1], bench.Engine.EmbedBatchSizes);
        foreach (var job in new[] { first, second })
        {
            Assert.True(job.Completion.IsCompletedSuccessfully);
            Assert.Equal(job.Inputs.Select(input => bench.Engine.EmbeddingOf(input)), job.Vectors);
        }
    }

    [Fact]
    public void A_packed_batch_is_shorter_than_the_longest_input()
    {
        var bench = new LoopBench(Options with { PackedTokensMax = 16 });
        var job = Submit(bench, [Input(6), Input(10), Input(1), Input(32), Input(3), Input(3)]);
        bench.StepUntilIdle();
        // 6 + 10; 1; 32 alone; 3 + 3.
        Assert.Equal([2, 1, 1, 2], bench.Engine.EmbedBatchSizes);
        Assert.Equal(job.Inputs.Select(input => bench.Engine.EmbeddingOf(input)), job.Vectors);
    }

    [Fact]
    public async Task Inputs_of_one_batch_share_their_adapters_and_nobody_waits_for_those_of_others()
    {
        var bench = new LoopBench(Options);
        bench.Engine.LoadAdapters(1, ["/a"]);
        var plain = Submit(bench, [.. Enumerable.Repeat(Input(8), 40)]);
        var tuned = Submit(bench, [Input(8), Input(4), Input(8), Input(8), Input(8)], adapterKey: 1);
        bench.Loop.Step();
        var drop = new AdapterJob(1, null);
        bench.Loop.TrySubmit(drop);
        bench.Loop.Step();
        await Assert.ThrowsAsync<EngineLoadException>(() => drop.Completion);
        bench.Loop.Step();
        bench.Loop.Step();
        Assert.True(tuned.Completion.IsCompletedSuccessfully);
        Assert.False(plain.Completion.IsCompleted);
        bench.StepUntilIdle();
        // 32 tokens of the one, 28 and 8 of the other, then the rest.
        Assert.Equal([4, 4, 1, 4], bench.Engine.EmbedBatchSizes[..4]);
        Assert.Equal(2, bench.Engine.AdapterChangeCount);
        Assert.Equal(plain.Inputs.Select(input => bench.Engine.EmbeddingOf(input)), plain.Vectors);
        Assert.Equal(tuned.Inputs.Select(input => bench.Engine.EmbeddingOf(input, 1)), tuned.Vectors);
        Assert.NotEqual(tuned.Vectors[0], plain.Vectors[0]);

        var gone = new EmbeddingJob([Input(1)], 8, adapterKey: 2);
        bench.Loop.TrySubmit(gone);
        bench.StepUntilIdle();
        Assert.Equal("The adapters have been freed.", await gone.Completion);
    }

    [Fact]
    public void Memory_is_given_back_once_nothing_is_left_to_embed()
    {
        var bench = new LoopBench(Options);
        Submit(bench, [Input(32), Input(32)]);
        bench.Loop.Step();
        Assert.Equal(0, bench.Engine.TrimCount);
        bench.StepUntilIdle();
        bench.StepUntilIdle();
        Assert.Equal(1, bench.Engine.TrimCount);
        Submit(bench, [Input(1)]);
        bench.StepUntilIdle();
        Assert.Equal(2, bench.Engine.TrimCount);
    }

    [Fact]
    public void A_single_input_does_not_wait_for_thousands()
    {
        var bench = new LoopBench(Options);
        var bulk = Submit(bench, [.. Enumerable.Repeat(Input(20), 1000)]);
        for (var step = 0; step < 10; step++)
        {
            bench.Loop.Step();
        }

        var single = Submit(bench, [Input(30)]);
        bench.Loop.Step();
        bench.Loop.Step();
        Assert.True(single.Completion.IsCompletedSuccessfully);
        Assert.False(bulk.Completion.IsCompleted);
        bench.StepUntilIdle();
        Assert.True(bulk.Completion.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Requests_share_the_engine_by_tokens_whatever_they_bring(int seed)
    {
        var random = new Random(seed);
        var bench = new LoopBench(Options);
        List<(EmbeddingJob Job, int Tokens, int Begun)> open = [];
        var (finished, peak) = (0, 0);
        for (var step = 0; step < 5000 && finished < 60; step++)
        {
            if (finished + open.Count < 60 && random.Next(3) == 0)
            {
                var inputs = Enumerable.Range(0, random.Next(8) == 0 ? 200 : random.Next(1, 6))
                    .Select(_ => Input(random.Next(1, 33))).ToArray();
                var tokens = inputs.Sum(input => input.Length);
                open.Add((Submit(bench, inputs), tokens, step));
                peak = Math.Max(peak, open.Count);
            }

            bench.Loop.Step();
            foreach (var item in open.Where(item => item.Job.Completion.IsCompleted).ToArray())
            {
                Assert.Equal(item.Job.Inputs.Select(input => bench.Engine.EmbeddingOf(input)), item.Job.Vectors);
                // Batches hold 16 tokens at least where more wait, and each of those who wait gets as many.
                Assert.InRange(step - item.Begun, 0, peak * (2 + (item.Tokens / 16)));
                open.Remove(item);
                finished++;
            }
        }

        Assert.Equal(60, finished);
    }

    [Fact]
    public void A_canceled_request_is_left_out()
    {
        var bench = new LoopBench(Options);
        var first = Submit(bench, [Input(32), Input(32), Input(32)]);
        var second = Submit(bench, [Input(5)]);
        bench.Loop.Step();
        first.RequestCancel();
        bench.StepUntilIdle();
        Assert.True(first.Completion.IsCanceled);
        Assert.True(second.Completion.IsCompletedSuccessfully);
        Assert.Equal(2, bench.Engine.EmbedBatchSizes.Count);
    }

    [Fact]
    public void A_request_that_was_canceled_behind_another_ends_too()
    {
        var bench = new LoopBench(Options);
        var first = Submit(bench, [Input(32), Input(32)]);
        var second = Submit(bench, [Input(32)]);
        second.RequestCancel();
        bench.StepUntilIdle();
        Assert.True(first.Completion.IsCompletedSuccessfully);
        Assert.True(second.Completion.IsCanceled);
    }

    [Fact]
    public void Too_many_requests_are_refused()
    {
        var bench = new LoopBench(Options);
        for (var count = 0; count < EmbeddingLane.JobCountMax; count++)
        {
            Submit(bench, [Input(1)]);
        }

        Assert.Equal(SubmitOutcome.QueueFull, bench.Loop.TrySubmit(new EmbeddingJob([Input(1)], 8)));
        bench.StepUntilIdle();
        Submit(bench, [Input(1)]);
    }

    [Fact]
    public async Task A_runner_embeds_what_many_ask_for()
    {
        await using var runner = await RunnerTests.LoadAsync(new ScriptedEngineLoader(Options), embedding: true);
        var expected = new ScriptedEngine(Options);
        var answers = await Task.WhenAll(Enumerable.Range(1, 30).Select(
            index => runner.EmbedAsync([Input(index), Input(1)], 0, Aborted)));
        Assert.All(answers, (vectors, index) =>
        {
            Assert.Equal(expected.EmbeddingOf(Input(index + 1)), vectors[0]);
            Assert.Equal(expected.EmbeddingOf(Input(1)), vectors[1]);
        });
        Assert.Empty(await runner.EmbedAsync([], 0, Aborted));
    }

    [Theory]
    [InlineData(0, ModelErrorCode.RequestInvalid)]
    [InlineData(33, ModelErrorCode.InputTooLong)]
    public async Task Inputs_that_do_not_fit_are_refused(int length, ModelErrorCode code)
    {
        await using var runner = await RunnerTests.LoadAsync(new ScriptedEngineLoader(Options), embedding: true);
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => runner.EmbedAsync([Input(1), Input(length)], 0, Aborted));
        Assert.Equal(code, refused.Refusal.Code);
        Assert.Single(await runner.EmbedAsync([Input(32)], 0, Aborted));
    }

    [Fact]
    public async Task More_vectors_than_fit_into_an_answer_are_refused()
    {
        var options = Options with { EmbeddingLength = 1 << 20 };
        await using var runner = await RunnerTests.LoadAsync(new ScriptedEngineLoader(options), embedding: true);
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => runner.EmbedAsync([.. Enumerable.Repeat(Input(1), 33)], 0, Aborted));
        Assert.Equal("33 inputs are too many at once; 32 are possible", refused.Refusal.Detail);
        Assert.Single(await runner.EmbedAsync([Input(1)], 0, Aborted));
    }

    [Fact]
    public async Task A_model_does_what_it_was_loaded_for()
    {
        await using var generating = await RunnerTests.LoadAsync(Options);
        var refused = await Assert.ThrowsAsync<ModelException>(() => generating.EmbedAsync([Input(1)], 0, Aborted));
        Assert.Equal(ModelErrorCode.EmbeddingUnsupported, refused.Refusal.Code);
        await using var embedding = await RunnerTests.LoadAsync(new ScriptedEngineLoader(Options), embedding: true);
        refused = await Assert.ThrowsAsync<ModelException>(
            () => RunnerTests.ReadAllAsync(embedding, LoopBench.Greedy("x")));
        Assert.Equal(ModelErrorCode.RequestInvalid, refused.Refusal.Code);
    }

    [Fact]
    public async Task A_failing_engine_fails_the_request()
    {
        var options = Options with { Interfere = _ => StepOutcome.Failed };
        await using var runner = await RunnerTests.LoadAsync(new ScriptedEngineLoader(options), embedding: true);
        var refused = await Assert.ThrowsAsync<ModelException>(() => runner.EmbedAsync([Input(1)], 0, Aborted));
        Assert.Equal(ModelErrorCode.RunnerStopped, refused.Refusal.Code);
        Assert.NotNull(await runner.Ended);
    }

    private static EmbeddingJob Submit(LoopBench bench, int[][] inputs, long adapterKey = 0)
    {
        var job = new EmbeddingJob(inputs, bench.Engine.Description.EmbeddingLength, adapterKey);
        Assert.Equal(SubmitOutcome.Accepted, bench.Loop.TrySubmit(job));
        return job;
    }

    private static int[] Input(int length) => [.. Enumerable.Range(0, length).Select(index => (index * 7) % 256)];
}
