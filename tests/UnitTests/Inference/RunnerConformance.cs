using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>What every kind of runner does, wherever its native code runs.</summary>
public abstract class RunnerConformance
{
    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_runner_streams_a_reply_and_reports_what_it_cost()
    {
        await using var runner = await LoadAsync(new ScriptedEngineOptions { Reply = "Hello, world!" });
        var chunks = await ReadAllAsync(runner, LoopBench.Greedy("hi", 100));
        Assert.Equal("Hello, world!", TextOf(chunks));
        Assert.Equal(FinishReason.Stop, chunks[^1].FinishReason);
        Assert.Equal(14, chunks[^1].Usage!.CompletionTokenCount);
        Assert.All(chunks.SkipLast(1), chunk => Assert.Null(chunk.FinishReason));
    }

    [Fact]
    public async Task Sixty_four_parallel_sequences_give_the_same_texts_as_one_by_one()
    {
        var options = new ScriptedEngineOptions { SequenceCountMax = 16, CellCount = 8192, BatchTokensMax = 128 };
        await using var runner = await LoadAsync(options, slotCount: 16, contextTokens: 512);
        var prompts = Enumerable.Range(0, 64).Select(index => $"prompt {index} {new string('x', index)}").ToList();
        var expected = new List<string>();
        foreach (var prompt in prompts)
        {
            expected.Add(TextOf(await ReadAllAsync(runner, LoopBench.Greedy(prompt, 200))));
        }

        // The runner takes its slots and a few more; whoever queues requests holds the rest back.
        using var places = new SemaphoreSlim(32);
        var texts = await Task.WhenAll(prompts.Select(async prompt =>
        {
            await places.WaitAsync(Aborted);
            var chunks = await ReadAllAsync(runner, LoopBench.Greedy(prompt, 200));
            places.Release();
            return TextOf(chunks);
        }));
        Assert.Equal(expected, texts);
    }

    [Fact]
    public async Task Leaving_the_enumeration_frees_the_slot()
    {
        var recorder = new EventRecorder();
        await using var runner = await LoadAsync(
            new ScriptedEngineOptions { EndEvery = 0 }, slotCount: 1, observer: recorder);
        await foreach (var chunk in runner.SubmitAsync(LoopBench.Greedy("endless", -1) with { Id = 1 }, Aborted))
        {
            Assert.NotEmpty(chunk.Tokens);
            break;
        }

        // Needs the one slot.
        await ReadAllAsync(runner, LoopBench.Greedy("next", 3) with { Id = 2 });
        Assert.Contains(recorder.Of(1), item => item.Kind == SchedulerEventKind.Canceled);
        Assert.Contains(recorder.Of(1), item => item.Kind == SchedulerEventKind.SlotFreed);
    }

    [Fact]
    public async Task Cancelling_ends_the_enumeration_at_once()
    {
        await using var runner = await LoadAsync(new ScriptedEngineOptions { EndEvery = 0 });
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(Aborted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in runner.SubmitAsync(LoopBench.Greedy("endless", -1), abort.Token))
            {
                await abort.CancelAsync();
            }
        });
    }

    [Fact]
    public async Task A_reader_that_stops_reading_holds_up_nobody_and_loses_nothing()
    {
        var options = new ScriptedEngineOptions { EndEvery = 0, CellCount = 8192 };
        await using var runner = await LoadAsync(options, slotCount: 2);
        var slow = runner.SubmitAsync(LoopBench.Greedy("slow", 2000), Aborted).GetAsyncEnumerator(Aborted);
        Assert.True(await slow.MoveNextAsync());
        List<int> tokens = [.. slow.Current.Tokens];
        for (var count = 0; count < 20; count++)
        {
            await ReadAllAsync(runner, LoopBench.Greedy("other " + count, 600));
        }

        var largest = 0;
        while (await slow.MoveNextAsync())
        {
            largest = Math.Max(largest, slow.Current.Tokens.Count);
            tokens.AddRange(slow.Current.Tokens);
        }

        await slow.DisposeAsync();
        Assert.Equal(2000, tokens.Count);
        Assert.InRange(largest, 2, RunnerLimits.CreditTokens);
        var alone = new LoopBench(options) { CreditTokens = 4096 }.Run(LoopBench.Greedy("slow", 2000));
        Assert.Equal(alone.Tokens, tokens);
    }

    [Fact]
    public async Task A_full_queue_refuses_with_its_code()
    {
        await using var runner = await LoadAsync(new ScriptedEngineOptions { EndEvery = 0 }, slotCount: 1);
        var streams = new List<IAsyncEnumerator<SequenceChunk>>();
        var reads = new List<Task>();
        for (var count = 0; count < 5; count++)
        {
            streams.Add(runner.SubmitAsync(LoopBench.Greedy("x", -1), Aborted).GetAsyncEnumerator(Aborted));
            reads.Add(streams[^1].MoveNextAsync().AsTask());
        }

        var refused = await Assert.ThrowsAsync<ModelException>(
            () => ReadAllAsync(runner, LoopBench.Greedy("y", 1)));
        Assert.Equal(ModelErrorCode.QueueFull, refused.Refusal.Code);
        await reads[0];
        await streams[0].DisposeAsync();
        await reads[1];
    }

    [Theory]
    [InlineData(new int[0], ModelErrorCode.RequestInvalid)]
    [InlineData(new[] { -1 }, ModelErrorCode.RequestInvalid)]
    [InlineData(new[] { 257 }, ModelErrorCode.RequestInvalid)]
    [InlineData(new[] { int.MaxValue }, ModelErrorCode.RequestInvalid)]
    public async Task Tokens_that_native_code_would_abort_on_are_refused(int[] prompt, ModelErrorCode code)
    {
        await using var runner = await LoadAsync(new ScriptedEngineOptions());
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => ReadAllAsync(runner, LoopBench.Greedy("x") with { PromptTokens = prompt }));
        Assert.Equal(code, refused.Refusal.Code);
        Assert.Equal("x", await runner.DetokenizeAsync(['x'], Aborted));
    }

    [Fact]
    public async Task A_prompt_as_long_as_the_context_is_refused()
    {
        await using var runner = await LoadAsync(new ScriptedEngineOptions(), contextTokens: 32);
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => ReadAllAsync(runner, LoopBench.Greedy(new string('x', 32))));
        Assert.Equal(ModelErrorCode.ContextExceeded, refused.Refusal.Code);
        Assert.NotEmpty(await ReadAllAsync(runner, LoopBench.Greedy(new string('x', 31))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failing_engine_ends_everything_with_the_reason(bool throws)
    {
        ScriptedEngine? engine = null;
        var steps = 0;
        var options = new ScriptedEngineOptions
        {
            EndEvery = 0,
            Interfere = _ => ++steps < 5 ? null
                : throws ? throw new InvalidOperationException("boom") : StepOutcome.Failed,
        };
        await using var runner = await LoadAsync(new ScriptedEngineLoader(_ => engine = new ScriptedEngine(options)));
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => ReadAllAsync(runner, LoopBench.Greedy("x", -1)));
        Assert.Equal(ModelErrorCode.RunnerStopped, refused.Refusal.Code);
        Assert.Contains(throws ? "boom" : "decode a batch", refused.Refusal.Detail);
        Assert.NotNull(await runner.Ended);
        var stopped = await Assert.ThrowsAsync<ModelException>(
            () => ReadAllAsync(runner, LoopBench.Greedy("y")));
        Assert.Equal(ModelErrorCode.RunnerStopped, stopped.Refusal.Code);
        await Assert.ThrowsAsync<ModelException>(() => runner.TokenizeAsync("z", false, false, Aborted));
        await runner.DisposeAsync();
        Assert.True(engine!.Disposed);
    }

    [Fact]
    public async Task Disposing_ends_what_runs_and_disposes_the_engine_once()
    {
        ScriptedEngine? engine = null;
        var runner = await LoadAsync(new ScriptedEngineLoader(
            _ => engine = new ScriptedEngine(new ScriptedEngineOptions { EndEvery = 0 })));
        var stream = runner.SubmitAsync(LoopBench.Greedy("endless", -1), Aborted).GetAsyncEnumerator(Aborted);
        Assert.True(await stream.MoveNextAsync());
        await runner.DisposeAsync();
        await runner.DisposeAsync();
        Assert.True(engine!.Disposed);
        Assert.Null(await runner.Ended);
        var refused = await Assert.ThrowsAsync<ModelException>(async () =>
        {
            while (await stream.MoveNextAsync())
            {
            }
        });
        Assert.Equal(ModelErrorCode.RunnerStopped, refused.Refusal.Code);
    }

    [Fact]
    public async Task A_load_that_fails_is_refused_with_the_reason()
    {
        var loader = new ScriptedEngineLoader(_ => throw new EngineLoadException("tensor is missing"));
        var refused = await Assert.ThrowsAsync<ModelException>(() => LoadAsync(loader));
        Assert.Equal(ModelErrorCode.LoadFailed, refused.Refusal.Code);
        Assert.Equal("tensor is missing", refused.Refusal.Detail);
    }

    [Fact]
    public async Task A_load_that_nobody_waits_for_is_undone()
    {
        using var abort = new CancellationTokenSource();
        ScriptedEngine? engine = null;
        var loader = new ScriptedEngineLoader(_ =>
        {
            abort.Cancel();
            return engine = new ScriptedEngine();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LoadAsync(loader, abort: abort.Token));
        Assert.True(engine!.Disposed);
    }

    [Fact]
    public async Task A_running_decode_thread_allocates_nothing_for_a_token()
    {
        var meter = new AllocationMeter();
        await using var runner = await LoadAsync(
            new ScriptedEngineOptions { EndEvery = 0, CellCount = 8192 }, slotCount: 2, observer: meter);
        await Task.WhenAll(
            ReadAllAsync(runner, LoopBench.Greedy("one", 3000)), ReadAllAsync(runner, LoopBench.Greedy("two", 3000)));
        // The thread pool's queue grows now and then by a segment; the smallest object a token would be 96,000 bytes.
        Assert.InRange(meter.AllocatedBytes, 0, 24_000);
    }

    [Fact]
    public async Task Sequences_are_computed_with_the_adapters_that_they_name()
    {
        ScriptedEngine? engine = null;
        var options = new ScriptedEngineOptions { EndEvery = 0 };
        await using var runner = await LoadAsync(new ScriptedEngineLoader(_ => engine = new ScriptedEngine(options)));
        var plain = LoopBench.Greedy("the same prompt", 30);
        Assert.Equal(new AdapterBytes(2048, 0), await runner.LoadAdaptersAsync(3, ["/a", "/b"], Aborted));
        var together = await Task.WhenAll(
            ReadAllAsync(runner, plain), ReadAllAsync(runner, plain with { AdapterKey = 3 }),
            ReadAllAsync(runner, plain));
        Assert.Equal(TextOf(together[0]), TextOf(together[2]));
        Assert.NotEqual(TextOf(together[0]), TextOf(together[1]));
        Assert.Equal(
            new LoopBench(options).Run(plain with { AdapterKey = 3 }).Text, TextOf(together[1]));

        await RefuseAsync(ModelErrorCode.RequestInvalid, () => ReadAllAsync(runner, plain with { AdapterKey = 4 }));
        await RefuseAsync(ModelErrorCode.RequestInvalid, () => runner.LoadAdaptersAsync(3, ["/a"], Aborted));
        await RefuseAsync(ModelErrorCode.RequestInvalid, () => runner.DropAdaptersAsync(4, Aborted));
        await RefuseAsync(ModelErrorCode.LoadFailed, () => runner.LoadAdaptersAsync(5, ["/bad"], Aborted));
        await RefuseAsync(ModelErrorCode.RequestInvalid, () => ReadAllAsync(runner, plain with { AdapterKey = 5 }));
        await runner.LoadAdaptersAsync(5, ["/good"], Aborted);
        await runner.DropAdaptersAsync(3, Aborted);
        Assert.Equal([5], engine!.AdapterKeys);
        await RefuseAsync(ModelErrorCode.RequestInvalid, () => ReadAllAsync(runner, plain with { AdapterKey = 3 }));
        Assert.Equal(TextOf(together[0]), TextOf(await ReadAllAsync(runner, plain)));

        static async Task RefuseAsync(ModelErrorCode code, Func<Task> call) =>
            Assert.Equal(code, (await Assert.ThrowsAsync<ModelException>(call)).Refusal.Code);
    }

    [Fact]
    public async Task Inputs_are_embedded_with_the_adapters_that_are_named()
    {
        var expected = new ScriptedEngine();
        await using var runner = await LoadAsync(new ScriptedEngineLoader(), new RunnerSetup { Embedding = true });
        await runner.LoadAdaptersAsync(3, ["/a"], Aborted);
        var together = await Task.WhenAll(
            runner.EmbedAsync([[1, 2], [3]], 0, Aborted), runner.EmbedAsync([[1, 2], [3]], 3, Aborted));
        Assert.Equal([expected.EmbeddingOf([1, 2]), expected.EmbeddingOf([3])], together[0]);
        Assert.Equal([expected.EmbeddingOf([1, 2], 3), expected.EmbeddingOf([3], 3)], together[1]);
        await runner.DropAdaptersAsync(3, Aborted);
        var refused = await Assert.ThrowsAsync<ModelException>(() => runner.EmbedAsync([[1, 2]], 3, Aborted));
        Assert.Equal("No adapters are loaded under 3.", refused.Refusal.Detail);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_step_that_does_not_return_ends_the_runner(bool embedding)
    {
        using var stuck = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new ScriptedEngineOptions
        {
            Interfere = _ =>
            {
                entered.TrySetResult();
                stuck.Wait(Aborted);
                return null;
            },
        };
        var time = new ManualTimeProvider();
        var setup = new RunnerSetup { Embedding = embedding, StepTimeMax = TimeSpan.FromSeconds(10), Time = time };
        var runner = await LoadAsync(new ScriptedEngineLoader(_ => new ScriptedEngine(options)), setup);
        Task work = embedding
            ? runner.EmbedAsync([[1, 2]], 0, Aborted)
            : ReadAllAsync(runner, LoopBench.Greedy("x"));
        await entered.Task.WaitAsync(Aborted);
        while (!runner.Ended.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        var refused = await Assert.ThrowsAsync<ModelException>(() => work);
        Assert.Equal(ModelErrorCode.RunnerStopped, refused.Refusal.Code);
        Assert.Contains("within", refused.Refusal.Detail);
        stuck.Set();
        await runner.DisposeAsync();
    }

    [Fact]
    public async Task The_progress_of_a_load_is_told()
    {
        var reported = new TaskCompletionSource<float>(TaskCreationOptions.RunContinuationsAsynchronously);
        var engines = new ScriptedEngineLoader(
            (_, progress, _) =>
            {
                progress!.Report(0.5f);
                return new ScriptedEngine();
            });
        var setup = new RunnerSetup { Progress = new Reported(reported) };
        await using var runner = await LoadAsync(engines, setup);
        Assert.Equal(0.5f, await reported.Task.WaitAsync(Aborted));
    }

    /// <summary>Loads a runner of the kind that is tested.</summary>
    internal abstract Task<IModelRunner> LoadAsync(IEngineLoader engines, RunnerSetup setup);

    internal static async Task<List<SequenceChunk>> ReadAllAsync(IModelRunner runner, SequenceRequest request)
    {
        List<SequenceChunk> chunks = [];
        await foreach (var chunk in runner.SubmitAsync(request, Aborted))
        {
            chunks.Add(chunk);
        }

        return chunks;
    }

    internal Task<IModelRunner> LoadAsync(
        ScriptedEngineOptions options,
        int slotCount = 4,
        int contextTokens = 4096,
        ISchedulerObserver? observer = null) =>
        LoadAsync(
            new ScriptedEngineLoader(options),
            new RunnerSetup { SlotCount = slotCount, ContextTokens = contextTokens, Observer = observer });

    internal Task<IModelRunner> LoadAsync(IEngineLoader engines, CancellationToken? abort = null) =>
        LoadAsync(engines, new RunnerSetup { Abort = abort ?? Aborted });

    private static string TextOf(IEnumerable<SequenceChunk> chunks) =>
        string.Concat(chunks.Select(chunk => chunk.Text));

    private sealed class AllocationMeter : ISchedulerObserver
    {
        private const int DecodedFirst = 500;
        private const int DecodedLast = 4500;
        private int _decodedCount;
        private long _startBytes;

        public long AllocatedBytes { get; private set; } = -1;

        public void Observe(in SchedulerEvent schedulerEvent)
        {
            if (schedulerEvent.Kind != SchedulerEventKind.Decoded)
            {
                return;
            }

            _decodedCount++;
            if (_decodedCount == DecodedFirst)
            {
                _startBytes = GC.GetAllocatedBytesForCurrentThread();
            }
            else if (_decodedCount == DecodedLast)
            {
                AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _startBytes;
            }
        }
    }

    private sealed class Reported(TaskCompletionSource<float> reported) : IProgress<float>
    {
        public void Report(float value) => reported.TrySetResult(value);
    }
}
