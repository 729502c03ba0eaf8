using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.UnitTests;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>Several models in one process: loading, making room, waiting and refusing.</summary>
public sealed class LoadingTests
{
    private const string Busy = "server busy, please try again.  maximum pending requests exceeded";

    [Fact]
    public async Task Several_models_are_loaded_at_once()
    {
        await using var server = await HostedServer.StartAsync();
        await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a","keep_alive":"1h"}""");
        await server.AskAsync("/api/generate", Tokens(1));
        await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");
        Assert.Equal(["tiny-embed:latest", "tiny-chat:latest"], await server.LoadedNamesAsync());
        Assert.Equal(2, server.Loads.Count);
    }

    [Fact]
    public async Task A_load_serves_all_who_wait_for_it()
    {
        await using var server = await HostedServer.StartAsync();
        server.Loads.Close();
        var answers = Enumerable.Range(0, 12).Select(_ => server.AskAsync("/api/generate", Tokens(3))).ToArray();
        await server.Loads.Entered;
        server.Loads.ReleaseAll();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("xxx", Response(answer)));
        Assert.Equal(1, server.Loads.Count);
    }

    [Fact]
    public async Task A_load_that_fails_fails_all_who_wait_for_it_and_the_next_request_tries_again()
    {
        await using var server = await HostedServer.StartAsync();
        server.Loads.Close();
        server.Loads.FailNext("unable to allocate the buffer");
        var requests = new List<Task<(int Status, string Body)>> { server.PostAsync("/api/generate", Tokens(1)) };
        await server.Loads.Entered;
        requests.AddRange(Enumerable.Range(0, 4).Select(_ => server.PostAsync("/api/generate", Tokens(1))));
        server.Loads.ReleaseAll();

        // Who comes too late to share the failure shares the second try.
        var answers = await Task.WhenAll(requests);
        Assert.Equal((500, "{\"error\":\"unable to allocate the buffer\"}"), answers[0]);
        Assert.All(answers, answer => Assert.True(answer.Status == 200 || answer == answers[0], answer.Body));
        Assert.Equal("x", Response(await server.AskAsync("/api/generate", Tokens(1))));
        Assert.Equal(2, server.Loads.Count);
    }

    [Fact]
    public async Task Making_room_never_takes_a_model_in_use()
    {
        await using var server = await HostedServer.StartAsync(options => options with { MaxLoadedModels = 1 });
        var hold = server.Scheduler.HoldAtToken(sequence: 1, count: 4);
        var running = server.AskAsync("/api/generate", Tokens(40));
        await hold.Reached;
        var embedding = server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");

        // A request of the same model is served meanwhile, and passes the one that waits.
        await server.AskAsync("/api/generate", Tokens(0));
        Assert.False(embedding.IsCompleted);
        Assert.Equal(["tiny-chat:latest"], await server.LoadedNamesAsync());
        hold.Release();
        Assert.Equal(new string('x', 40), Response(await running));
        Assert.Single((await embedding).GetProperty("embeddings").EnumerateArray());
        Assert.Equal(["tiny-embed:latest"], await server.LoadedNamesAsync());
        Assert.Equal(1, server.Events.Count("Evicted"));
    }

    [Fact]
    public async Task A_full_queue_refuses_and_a_loaded_model_is_never_refused()
    {
        await using var server = await HostedServer.StartAsync(options => options with { QueueLengthMax = 1 });
        await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");
        server.Loads.Close();

        // One whose load is running, one that waits; whoever else comes is refused.
        var requests = Enumerable.Range(0, 5).Select(_ => server.PostAsync("/api/generate", Tokens(1))).ToList();
        for (var refused = 0; refused < 3; refused++)
        {
            var first = await Task.WhenAny(requests);
            requests.Remove(first);
            var (status, body) = await first;
            Assert.Equal(503, status);
            Assert.Equal(Busy, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
        }

        for (var time = 0; time < 3; time++)
        {
            await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");
        }

        server.Loads.ReleaseAll();
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal(200, answer.Status));
    }

    [Theory]
    [InlineData(1_000_000, 2048)]
    [InlineData(1, 4)]
    [InlineData(100, 100)]
    public async Task The_context_length_is_capped(int asked, int given)
    {
        await using var server = await HostedServer.StartAsync();
        await server.AskAsync("/api/generate", Load($"\"num_ctx\":{asked}"));
        var loaded = Assert.Single(await server.LoadedAsync());
        Assert.Equal(given, loaded.GetProperty("context_length").GetInt32());
    }

    [Fact]
    public async Task The_setting_gives_the_context_length_and_the_request_overrides_it()
    {
        await using var server = await HostedServer.StartAsync(options => options with { ContextTokens = 512 });
        await server.AskAsync("/api/generate", Load(""));
        Assert.Equal(512, Assert.Single(await server.LoadedAsync()).GetProperty("context_length").GetInt32());
        await server.AskAsync("/api/generate", Load("\"num_ctx\":256"));
        Assert.Equal(256, Assert.Single(await server.LoadedAsync()).GetProperty("context_length").GetInt32());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task No_more_sequences_than_set_decode_together(int slots)
    {
        await using var server = await HostedServer.StartAsync(options => options with { NumParallel = slots });
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => server.AskAsync("/api/generate", Tokens(30))));
        Assert.All(answers, answer => Assert.Equal(new string('x', 30), Response(answer)));

        var running = new HashSet<long>();
        foreach (var happened in server.Scheduler.Events)
        {
            _ = happened.Kind switch
            {
                SchedulerEventKind.Admitted => running.Add(happened.SequenceId),
                SchedulerEventKind.SlotFreed => running.Remove(happened.SequenceId),
                _ => false,
            };
            Assert.InRange(running.Count, 0, slots);
        }

        Assert.Empty(running);
    }

    [Fact]
    public async Task A_load_that_takes_too_long_is_given_up_and_tried_again()
    {
        var time = new ManualTimeProvider();
        await using var server = await HostedServer.StartAsync(
            options => options with { LoadTimeout = TimeSpan.FromMinutes(2) }, time: time);
        server.Loads.Close();
        var waiting = server.PostAsync("/api/generate", Tokens(1));
        await server.Loads.Entered;
        time.Advance(TimeSpan.FromMinutes(2));
        var (status, body) = await waiting;
        Assert.Equal(500, status);
        Assert.Contains("timed out waiting for the model to load - no progress for", body);
        Assert.Empty(await server.LoadedAsync());

        server.Loads.ReleaseAll();
        Assert.Equal("x", Response(await server.AskAsync("/api/generate", Tokens(1))));
    }

    private static string Response(JsonElement answer) => answer.GetProperty("response").GetString()!;

    private static string Load(string options) => "{\"model\":\"tiny-chat\",\"options\":{" + options + "}}";

    private static string Tokens(int count) =>
        "{\"model\":\"tiny-chat\",\"prompt\":\"x\",\"raw\":true,\"stream\":false,"
        + "\"options\":{\"temperature\":0,\"num_predict\":" + count + "}}";
}
