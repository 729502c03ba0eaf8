using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>What every host of actors must do, seen through <see cref="IModels"/>.</summary>
public abstract class ClusterHostConformance : ClusterTokenConformance
{
    [Fact]
    public async Task A_chat_loads_renders_runs_and_finishes()
    {
        await using var silo = Create();
        var chat = silo.StartAsync(TestSilo.Chat("a", "hello"));
        var sequence = await silo.Runners.NextSequenceAsync();
        Assert.Equal("user:hello|", sequence.Prompt);
        sequence.Emit("Hi ");
        sequence.Emit("there");
        sequence.Finish();
        var chunks = await chat.ExpectAsync("the chat ends");
        Assert.Equal("Hi there", string.Concat(chunks.Select(chunk => chunk.Content)));
        Assert.Equal(FinishReason.Stop, chunks[^1].FinishReason);
        Assert.Equal("", chunks[^1].Content);
        Assert.Equal(11, chunks[^1].Usage!.PromptTokenCount);
        Assert.Null(chunks[^1].Context);
    }

    [Fact]
    public async Task Counting_tokens_loads_the_model_and_knows_no_context_length()
    {
        await using var silo = Create();
        var chat = TestSilo.Chat("a", new string('x', 500));
        Assert.Equal(506, await silo.Models.CountTokensAsync(chat, None).ExpectAsync("a long prompt is counted"));
        Assert.Single(await silo.Models.ListLoadedAsync(None));
        Assert.Equal(8, await silo.Models.CountTokensAsync(TestSilo.Chat("a"), None).ExpectAsync("it is counted"));
    }

    [Fact]
    public async Task Requests_that_come_while_a_model_loads_share_the_load()
    {
        await using var silo = Create();
        var gate = new TaskCompletionSource();
        silo.Runners.Gate = gate.Task;
        var chats = Enumerable.Range(0, 4).Select(_ => silo.StartAsync(TestSilo.Chat("a"))).ToArray();
        await silo.Runners.NextLoadAsync();
        gate.SetResult();
        foreach (var _ in chats)
        {
            (await silo.Runners.NextSequenceAsync()).Finish();
        }

        await Task.WhenAll(chats).ExpectAsync("all chats end");
        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_request_ends_at_its_deadline_wherever_it_is()
    {
        await using var silo = Create();
        var request = TestSilo.Chat("a") with { Deadline = TimeSpan.FromSeconds(3), Priority = 9 };
        var gate = new TaskCompletionSource();
        silo.Runners.Gate = gate.Task;
        var loading = silo.StartAsync(request);
        await silo.Runners.NextLoadAsync();
        silo.Time.Advance(TimeSpan.FromSeconds(3));
        await AssertExpiredAsync(loading);
        gate.SetResult();
        var running = silo.StartAsync(request);
        var sequence = await silo.Runners.NextSequenceAsync();
        Assert.Equal((9, TimeSpan.FromSeconds(3)), (sequence.Request.Priority, sequence.Request.Deadline));
        sequence.Emit("begun");
        silo.Time.Advance(TimeSpan.FromSeconds(3));
        await AssertExpiredAsync(running);

        static async Task AssertExpiredAsync(Task chat) => Assert.Equal(
            ModelErrorCode.DeadlineExceeded,
            (await Assert.ThrowsAsync<ModelException>(() => chat).ExpectAsync("the deadline ends the chat"))
                .Refusal.Code);
    }

    [Fact]
    public async Task Work_that_can_wait_stands_in_nobodys_way_at_the_replica()
    {
        await using var silo = Create(new SiloOptions { SlotCount = 1 });
        var patient = TestSilo.Chat("a") with { Priority = -50 };
        List<Task> running = [.. Enumerable.Range(0, 5).Select(_ => silo.StartAsync(patient))];
        List<ScriptedSequence> sequences = [];
        for (var count = 0; count < 3; count++)
        {
            sequences.Add(await silo.Runners.NextSequenceAsync());
        }

        // Two may go ahead of those who wait there; everybody else waits where it is fair.
        running.AddRange(Enumerable.Range(0, 3).Select(_ => silo.StartAsync(TestSilo.Chat("a"))));
        for (var count = 0; count < 2; count++)
        {
            sequences.Add(await silo.Runners.NextSequenceAsync());
            Assert.Equal(0, sequences[^1].Request.Priority);
        }

        sequences[0].Finish();
        sequences.Add(await silo.Runners.NextSequenceAsync());
        for (var ended = 1; ended < running.Count; ended++)
        {
            if (ended == sequences.Count)
            {
                sequences.Add(await silo.Runners.NextSequenceAsync());
            }

            sequences[ended].Finish();
        }

        await Task.WhenAll(running).ExpectAsync("all end");
        Assert.Equal([-50, -50, -50, 0, 0, 0, -50, -50], sequences.Select(sequence => sequence.Request.Priority));
    }

    [Fact]
    public async Task A_load_goes_on_when_the_client_leaves()
    {
        await using var silo = Create();
        var gate = new TaskCompletionSource();
        silo.Runners.Gate = gate.Task;
        using var client = new CancellationTokenSource();
        var chat = silo.StartAsync(TestSilo.Chat("a"), client);
        await silo.Runners.NextLoadAsync();
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => chat).ExpectAsync("the chat is cancelled");
        gate.SetResult();
        await silo.Runners.NextRunnerAsync();
        var next = silo.StartAsync(TestSilo.Chat("a"));
        (await silo.Runners.NextSequenceAsync()).Finish();
        await next.ExpectAsync("the next chat ends");
        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task An_idle_model_is_unloaded_when_its_keep_alive_time_ends()
    {
        await using var silo = Create();
        await CompleteAsync(silo, TestSilo.Chat("a"));
        var runner = await silo.Runners.NextRunnerAsync();
        await silo.Time.WhenTimerIsArmedAsync(TimeSpan.FromMinutes(5)).ExpectAsync("the model becomes idle");
        var status = Assert.Single(await silo.Models.ListLoadedAsync(None));
        Assert.Equal("a:latest", status.Name);
        Assert.Equal(silo.Time.GetUtcNow() + TimeSpan.FromMinutes(5), status.ExpiresAt);
        silo.Time.Advance(TimeSpan.FromMinutes(5));
        await runner.Disposed.ExpectAsync("the model is unloaded");
    }

    [Fact]
    public async Task The_keep_alive_time_of_a_request_starts_when_it_ends_and_stays_in_effect()
    {
        await using var silo = Create();
        var request = TestSilo.Chat("a") with { KeepAlive = TimeSpan.FromSeconds(90) };
        await CompleteAsync(silo, request);
        await silo.Time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(90)).ExpectAsync("the model becomes idle");
        silo.Time.Advance(TimeSpan.FromSeconds(60));
        await CompleteAsync(silo, TestSilo.Chat("a"));
        await silo.Time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(90)).ExpectAsync("the model becomes idle again");
        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_keep_alive_time_of_zero_unloads_after_the_request()
    {
        await using var silo = Create();
        await CompleteAsync(silo, TestSilo.Chat("a") with { KeepAlive = TimeSpan.Zero });
        var runner = await silo.Runners.NextRunnerAsync();
        await runner.Disposed.ExpectAsync("the model is unloaded");
        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_model_that_is_kept_for_ever_has_no_expiry()
    {
        await using var silo = Create();
        await CompleteAsync(silo, TestSilo.Chat("a") with { KeepAlive = Timeout.InfiniteTimeSpan });
        silo.Time.Advance(TimeSpan.FromDays(2));
        var status = Assert.Single(await silo.Models.ListLoadedAsync(None));
        Assert.Null(status.ExpiresAt);
    }

    [Fact]
    public async Task Unloading_a_busy_model_waits_for_its_last_request()
    {
        await using var silo = Create();
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        var runner = await silo.Runners.NextRunnerAsync();
        await silo.Models.UnloadAsync("a", None).ExpectAsync("the unload is accepted");
        Assert.False(runner.Disposed.IsCompleted);
        sequence.Emit("still here");
        sequence.Finish();
        Assert.Equal(2, (await chat.ExpectAsync("the chat ends")).Count);
        await runner.Disposed.ExpectAsync("the model is unloaded");
    }

    [Fact]
    public async Task Unloading_an_idle_model_returns_when_it_is_gone_and_is_no_error_twice()
    {
        await using var silo = Create();
        await silo.Models.LoadAsync(Load("a"), None).ExpectAsync("the model is loaded");
        var runner = await silo.Runners.NextRunnerAsync();
        await silo.Time.WhenTimerIsArmedAsync(TimeSpan.FromMinutes(5)).ExpectAsync("the model becomes idle");
        await silo.Models.UnloadAsync("a", None).ExpectAsync("the model is unloaded");
        Assert.True(runner.Disposed.IsCompleted);
        await silo.Models.UnloadAsync("a", None).ExpectAsync("the second unload returns");
        Assert.Empty(await silo.Models.ListLoadedAsync(None));
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_sequence()
    {
        await using var silo = Create();
        using var client = new CancellationTokenSource();
        var chat = silo.StartAsync(TestSilo.Chat("a"), client);
        var sequence = await silo.Runners.NextSequenceAsync();
        sequence.Emit("first");
        await client.CancelAsync();
        await sequence.Left.ExpectAsync("the runner hears of the cancellation");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => chat).ExpectAsync("the chat is cancelled");
    }

    [Fact]
    public async Task A_runner_that_dies_refuses_its_requests_and_the_next_one_loads_again()
    {
        await using var silo = Create();
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        sequence.Emit("half");
        (await silo.Runners.NextRunnerAsync()).Die("out of memory");
        var refused = await Assert.ThrowsAsync<ModelException>(() => chat).ExpectAsync("the chat is refused");
        Assert.Equal(new Refusal(ModelErrorCode.RunnerStopped, "a", "out of memory"), refused.Refusal);
        await CompleteAsync(silo, TestSilo.Chat("a"));
        Assert.Equal(2, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_request_that_was_sent_nothing_runs_once_more_when_its_runner_dies()
    {
        await using var silo = Create();
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        await silo.Runners.NextSequenceAsync();
        (await silo.Runners.NextRunnerAsync()).Die("killed");
        var again = await silo.Runners.NextSequenceAsync();
        again.Emit("whole");
        again.Finish();
        var chunks = await chat.ExpectAsync("the chat is served by the second runner");
        Assert.Equal("whole", string.Concat(chunks.Select(chunk => chunk.Content)));
        Assert.Equal(2, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_request_whose_second_runner_dies_too_is_refused()
    {
        await using var silo = Create();
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        foreach (var reason in new[] { "first", "second" })
        {
            await silo.Runners.NextSequenceAsync();
            (await silo.Runners.NextRunnerAsync()).Die(reason);
        }

        var refused = await Assert.ThrowsAsync<ModelException>(() => chat).ExpectAsync("the chat is refused");
        Assert.Equal(new Refusal(ModelErrorCode.RunnerStopped, "a", "second"), refused.Refusal);
        await CompleteAsync(silo, TestSilo.Chat("a"));
        Assert.Equal(3, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_model_in_use_is_never_evicted_and_the_load_waits_for_it()
    {
        await using var silo = Create(new SiloOptions { SlotCount = 1, LoadedModelCountMax = 1 });
        var first = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        var runner = await silo.Runners.NextRunnerAsync();
        var second = silo.StartAsync(TestSilo.Chat("b"));
        sequence.Emit("working");
        Assert.False(runner.Disposed.IsCompleted);
        sequence.Finish();
        await first.ExpectAsync("the first chat ends");
        await runner.Disposed.ExpectAsync("the idle model makes room");
        (await silo.Runners.NextSequenceAsync()).Finish();
        await second.ExpectAsync("the second chat ends");
    }

    [Fact]
    public async Task Two_names_for_the_same_weights_share_them()
    {
        await using var silo = Create();
        silo.Library.Models["alias"] = ScriptedLibrary.Describe("a") with
        {
            Name = ScriptedLibrary.Describe("alias").Name,
        };
        await CompleteAsync(silo, TestSilo.Chat("a"));
        await CompleteAsync(silo, TestSilo.Chat("alias"));
        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task Texts_are_turned_into_vectors_of_length_1()
    {
        await using var silo = Create();
        silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        var request = new EmbeddingRequest { Model = "e", Inputs = ["one", "three"] };
        var result = await silo.Models.EmbedAsync(request, None).ExpectAsync("the vectors come");
        Assert.Equal(8, result.PromptTokenCount);
        Assert.Equal([0.6f, 0.8f], result.Vectors[1]);
        silo.Runners.Embed = _ => [float.NaN, 1f];
        var refused = await Assert.ThrowsAsync<ModelException>(() => silo.Models.EmbedAsync(request, None));
        Assert.Equal(ModelErrorCode.EmbeddingNotFinite, refused.Refusal.Code);
    }

    [Fact]
    public async Task Another_context_length_replaces_the_idle_model()
    {
        await using var silo = Create();
        await CompleteAsync(silo, TestSilo.Chat("a"));
        var first = await silo.Runners.NextRunnerAsync();
        await CompleteAsync(silo, TestSilo.Chat("a") with { Options = TestSilo.Option("num_ctx", 128) });
        var second = await silo.Runners.NextRunnerAsync();
        await first.Disposed.ExpectAsync("the old one makes room");
        Assert.Equal(128, second.Specification.ContextTokens);
        var status = Assert.Single(await silo.Models.ListLoadedAsync(None));
        Assert.Equal(128, status.ContextTokens);
    }

    [Fact]
    public async Task A_load_that_nobody_waits_for_any_more_takes_no_room()
    {
        await using var silo = Create(new SiloOptions { SlotCount = 1, LoadedModelCountMax = 1 });
        var first = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        using var client = new CancellationTokenSource();
        var second = silo.StartAsync(TestSilo.Chat("b"), client);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second).ExpectAsync("the second chat is left");
        sequence.Finish();
        await first.ExpectAsync("the first chat ends");
        await CompleteAsync(silo, TestSilo.Chat("a"));
        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task Loading_only_starts_the_keep_alive_time_and_runs_nothing()
    {
        await using var silo = Create();
        var request = Load("a") with { KeepAlive = TimeSpan.FromMinutes(7) };
        await silo.Models.LoadAsync(request, None).ExpectAsync("the model is loaded");
        await silo.Time.WhenTimerIsArmedAsync(TimeSpan.FromMinutes(7)).ExpectAsync("the model becomes idle");
        Assert.False(silo.Runners.HasSequence);
    }

    [Fact]
    public async Task The_last_chunk_says_where_the_time_went()
    {
        await using var silo = Create();
        var gate = new TaskCompletionSource();
        silo.Runners.Gate = gate.Task;
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        await silo.Runners.NextLoadAsync();
        silo.Time.Advance(TimeSpan.FromSeconds(3));
        gate.SetResult();
        var sequence = await silo.Runners.NextSequenceAsync();
        silo.Time.Advance(TimeSpan.FromSeconds(2));
        sequence.Finish();
        var usage = (await chat.ExpectAsync("the chat ends"))[^1].Usage!;
        Assert.Equal(TimeSpan.FromSeconds(5), usage.TotalDuration);
        Assert.Equal(TimeSpan.FromSeconds(3), usage.LoadDuration);
        Assert.Equal(TimeSpan.FromMilliseconds(3), usage.DecodeDuration);
    }
}
