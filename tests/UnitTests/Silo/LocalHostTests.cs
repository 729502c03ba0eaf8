using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>The one-process host: the conformance suite, and what only one process can promise.</summary>
public sealed class LocalHostTests : ClusterHostConformance
{
    [Fact]
    public async Task Places_are_given_in_the_order_of_arrival()
    {
        await using var silo = Create(new SiloOptions { SlotCount = 1 });
        var plan = LoadPlanner.Plan(ScriptedLibrary.Describe("a"), new ModelOptions(), contextTokensDefault: 64);
        var actor = silo.Host.Model(LoadKey.Of(plan));
        var waiting = Enumerable.Range(0, 8)
            .Select(_ => Admission.EnterAsync(actor, new AdmissionRequest { Plan = plan }, CancellationToken.None))
            .ToArray();
        const int Together = 3;
        for (var number = 0; number < waiting.Length; number++)
        {
            var place = await waiting[number].ExpectAsync($"place {number} is given");
            Assert.All(waiting.Skip(number + Together), later => Assert.False(later.IsCompleted));
            await place.DisposeAsync();
        }
    }

    [Fact]
    public void A_step_of_priority_counts_like_a_second_of_waiting()
    {
        var plan = LoadPlanner.Plan(ScriptedLibrary.Describe("a"), new ModelOptions(), contextTokensDefault: 64);
        var time = new ManualTimeProvider();
        var low = Join(priority: -5);
        time.Advance(TimeSpan.FromSeconds(4));
        var normal = Join(priority: 0);
        var high = Join(priority: 5);
        time.Advance(TimeSpan.FromSeconds(2));
        // By now the lowest one has waited for longer than its priority makes it wait.
        var late = Join(priority: 0);
        AdmissionWaiter[] joined = [low, normal, high, late];
        Assert.Equal([high, normal, low, late], joined.OrderBy(waiter => waiter.RankAt(time)));

        AdmissionWaiter Join(int priority) =>
            new(new AdmissionRequest { Plan = plan, Priority = priority }, time.GetTimestamp());
    }

    [Fact]
    public async Task No_more_than_the_slots_and_two_are_handed_to_a_replica()
    {
        await using var silo = Create(new SiloOptions { SlotCount = 2 });
        var chats = Enumerable.Range(0, 6).Select(n => silo.StartAsync(TestSilo.Chat("a", $"{n}"))).ToArray();
        var handed = new List<ScriptedSequence>();
        for (var number = 0; number < 4; number++)
        {
            handed.Add(await silo.Runners.NextSequenceAsync());
        }

        Assert.False(silo.Runners.HasSequence);
        for (var number = 0; number < chats.Length; number++)
        {
            handed[number].Finish();
            if (handed.Count < chats.Length)
            {
                handed.Add(await silo.Runners.NextSequenceAsync());
            }
        }

        await Task.WhenAll(chats).ExpectAsync("all chats end");
    }

    [Fact]
    public async Task A_full_queue_refuses_the_next_request_for_a_load()
    {
        await using var silo = Create(new SiloOptions { QueueLengthMax = 1 });
        silo.Runners.Gate = new TaskCompletionSource().Task;
        Task[] chats = [.. "abc".Select(name => silo.StartAsync(TestSilo.Chat($"{name}")))];
        var ended = await Task.WhenAny(chats).ExpectAsync("one of three requests is refused");
        var refused = await Assert.ThrowsAsync<ModelException>(() => ended);
        Assert.Equal(ModelErrorCode.QueueFull, refused.Refusal.Code);
        Assert.Equal(1, chats.Count(chat => chat.IsCompleted));
    }

    [Fact]
    public async Task A_loaded_model_takes_requests_while_the_load_queue_is_full()
    {
        await using var silo = Create(new SiloOptions { QueueLengthMax = 0, SlotCount = 1 });
        var first = silo.StartAsync(TestSilo.Chat("a", "0"));
        var sequence = await silo.Runners.NextSequenceAsync();
        silo.Runners.Gate = new TaskCompletionSource().Task;
        _ = silo.StartAsync(TestSilo.Chat("b"));
        var more = Enumerable.Range(1, 20).Select(n => silo.StartAsync(TestSilo.Chat("a", $"{n}"))).ToArray();
        sequence.Finish();
        foreach (var _ in more)
        {
            (await silo.Runners.NextSequenceAsync()).Finish();
        }

        await Task.WhenAll(more.Append(first)).ExpectAsync("all chats with the loaded model end");
    }

    [Fact]
    public async Task A_host_that_stops_lets_running_requests_finish_and_takes_no_new_ones()
    {
        await using var silo = Create();
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        var runner = await silo.Runners.NextRunnerAsync();
        var stop = silo.Local.StopAsync(CancellationToken.None);
        var refused = await Assert.ThrowsAsync<ModelException>(() => silo.StartAsync(TestSilo.Chat("a")))
            .ExpectAsync("a new request is refused");
        Assert.Equal(ModelErrorCode.ShuttingDown, refused.Refusal.Code);
        sequence.Emit("done");
        sequence.Finish();
        Assert.Equal("done", (await chat.ExpectAsync("the running request ends"))[0].Content);
        await stop.ExpectAsync("the host stops");
        Assert.True(runner.Disposed.IsCompleted);
    }

    [Fact]
    public async Task A_request_that_outlasts_the_grace_period_is_refused()
    {
        await using var silo = Create(new SiloOptions { ShutdownGrace = TimeSpan.FromSeconds(20) });
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        var stop = silo.Local.StopAsync(CancellationToken.None);
        silo.Time.Advance(TimeSpan.FromSeconds(20));
        var refused = await Assert.ThrowsAsync<ModelException>(() => chat).ExpectAsync("the request is refused");
        Assert.Equal(new Refusal(ModelErrorCode.ShuttingDown, "a", null), refused.Refusal);
        await sequence.Left.ExpectAsync("the sequence is freed");
        await stop.ExpectAsync("the host stops");
    }

    private protected override TestSilo Create(SiloOptions? options = null) => new(options ?? new SiloOptions());
}
