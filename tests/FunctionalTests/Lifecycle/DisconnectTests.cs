using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>A client that leaves costs nothing more than the step in flight; asserted on events, not on time.</summary>
public sealed class DisconnectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/generate", "\"prompt\":\"x\",\"raw\":true")]
    [InlineData("/api/chat", "\"messages\":[{\"role\":\"user\",\"content\":\"Count from 1 to 100.\"}]")]
    public async Task Leaving_a_stream_frees_the_slot_within_one_step(string path, string body)
    {
        await using var server = await HostedServer.StartAsync();
        var hold = server.Scheduler.HoldAtToken(sequence: 1, count: 8);
        var response = await server.OpenAsync("left", path, Endless(body), Token);
        await hold.Reached;

        var line = new byte[1];
        await (await response.Content.ReadAsStreamAsync(Token)).ReadExactlyAsync(line, Token);
        response.Dispose();
        await AssertCanceledAsync(server, hold);
    }

    [Fact]
    public async Task Leaving_before_a_whole_answer_frees_the_slot_within_one_step()
    {
        await using var server = await HostedServer.StartAsync();
        var hold = server.Scheduler.HoldAtToken(sequence: 1, count: 8);
        using var leaving = new CancellationTokenSource();
        var body = Endless("\"prompt\":\"x\",\"raw\":true,\"stream\":false");
        var answer = server.OpenAsync("left", "/api/generate", body, leaving.Token);
        await hold.Reached;

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await AssertCanceledAsync(server, hold);
    }

    [Fact]
    public async Task Canceling_by_id_frees_the_slot_within_one_step_and_tells_the_client()
    {
        await using var server = await HostedServer.StartAsync();
        var hold = server.Scheduler.HoldAtToken(sequence: 1, count: 8);
        using var response = await server.OpenAsync(
            "left", "/api/generate", Endless("\"prompt\":\"x\",\"raw\":true"), Token);
        await hold.Reached;

        var id = Assert.Single(response.Headers.GetValues("X-Request-ID"));
        var canceled = await server.AskAsync("/api/cancel", $"{{\"id\":\"{id}\"}}");
        Assert.Equal(1, canceled.GetProperty("canceled").GetInt32());
        await AssertCanceledAsync(server, hold);
        Assert.EndsWith("\n{\"error\":\"request canceled\"}\n", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(404, (await server.PostAsync("/api/cancel", $"{{\"id\":\"{id}\"}}")).Status);
    }

    [Fact]
    public async Task Leaving_during_the_prompt_gives_no_token()
    {
        await using var server = await HostedServer.StartAsync();
        var hold = server.Scheduler.HoldAt(happened => happened.Kind == SchedulerEventKind.Prefilled);
        using var leaving = new CancellationTokenSource();
        var prompt = string.Concat(Enumerable.Repeat("A cow says moo. ", 250));
        var body = Endless($"\"prompt\":\"{prompt}\",\"raw\":true");
        var answer = server.OpenAsync("left", "/api/generate", body, leaving.Token);
        await hold.Reached;

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await AssertCanceledAsync(server, hold);
        Assert.DoesNotContain(server.Scheduler.Of(1), happened => happened.Kind == SchedulerEventKind.Decoded);
    }

    [Fact]
    public async Task Leaving_the_queue_of_the_scheduler_never_takes_a_slot()
    {
        await using var server = await HostedServer.StartAsync(options => options with { NumParallel = 1 });
        using var running = await server.OpenAsync(
            "running", "/api/generate", Endless("\"prompt\":\"x\",\"raw\":true"), Token);
        var hold = server.Scheduler.HoldAt(
            happened => happened.Kind == SchedulerEventKind.Queued && happened.SequenceId == 2);
        using var leaving = new CancellationTokenSource();
        var body = Endless("\"prompt\":\"y\",\"raw\":true");
        var queued = server.OpenAsync("left", "/api/generate", body, leaving.Token);
        var drained = DrainAsync(running);
        await hold.Reached;

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        await CancelHasArrivedAsync(server);
        hold.Release();
        await server.Scheduler.SeenAsync(SchedulerEventKind.Canceled, sequence: 2);
        Assert.Equal(
            [SchedulerEventKind.Queued, SchedulerEventKind.Canceled],
            server.Scheduler.Of(2).Select(happened => happened.Kind));
        running.Dispose();
        await drained;
    }

    [Fact]
    public async Task Leaving_the_queue_of_the_model_leaks_no_slot()
    {
        await using var server = await HostedServer.StartAsync(options => options with { NumParallel = 1 });
        var hold = server.Scheduler.HoldAtToken(sequence: 1, count: 4);
        var body = """
            {"model":"tiny-chat","prompt":"x","raw":true,"stream":false,"options":{"temperature":0,"num_predict":8}}
            """;
        var first = server.AskAsync("/api/generate", body);
        await hold.Reached;

        // Two more are let through, so that one can be tokenized while another decodes; the rest waits outside.
        var others = Enumerable.Range(0, 6).Select(index => LeaveAsync($"waiting {index}")).ToArray();
        await Task.WhenAll(others);
        hold.Release();
        await first;
        var last = await server.AskAsync("/api/generate", body);
        Assert.Equal("xxxxxxxx", last.GetProperty("response").GetString());
        Assert.Equal(
            server.Scheduler.Events.Count(happened => happened.Kind == SchedulerEventKind.Admitted),
            server.Scheduler.Events.Count(happened => happened.Kind == SchedulerEventKind.SlotFreed));

        async Task LeaveAsync(string name)
        {
            using var leaving = new CancellationTokenSource();
            var answer = server.OpenAsync(name, "/api/generate", body, leaving.Token);
            await server.Requests.BegunAsync(name);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
            await server.Requests.EndedAsync(name);
        }
    }

    [Fact]
    public async Task A_crowd_that_leaves_anywhere_leaks_no_slot()
    {
        await using var server = await HostedServer.StartAsync(options => options with { NumParallel = 4 });
        var random = new Random(7);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(index => LeaveAsync($"client {index}", random.Next(12))));
        foreach (var sequence in server.Scheduler.Events.Select(happened => happened.SequenceId).Distinct())
        {
            await server.Scheduler.SeenAsync(happened => happened.SequenceId == sequence
                && happened.Kind is SchedulerEventKind.Canceled or SchedulerEventKind.Finished);
        }

        await server.AskAsync("/api/generate", """
            {"model":"tiny-chat","prompt":"x","raw":true,"stream":false,"options":{"num_predict":1}}
            """);
        await server.Scheduler.SeenAsync(happened => happened.Kind == SchedulerEventKind.Finished);
        Assert.Equal(
            server.Scheduler.Events.Count(happened => happened.Kind == SchedulerEventKind.Admitted),
            server.Scheduler.Events.Count(happened => happened.Kind == SchedulerEventKind.SlotFreed));

        async Task LeaveAsync(string name, int lineCount)
        {
            using var leaving = new CancellationTokenSource();
            var opening = server.OpenAsync(
                name, "/api/generate", Endless("\"prompt\":\"x\",\"raw\":true"), leaving.Token);
            await server.Requests.BegunAsync(name);
            if (lineCount > 2)
            {
                using var response = await opening;
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
                for (var line = 2; line < lineCount; line++)
                {
                    await reader.ReadLineAsync(Token);
                }
            }

            await leaving.CancelAsync();
            await opening.ContinueWith(
                _ => { }, Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await server.Requests.EndedAsync(name);
        }
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Leaving_during_the_load_lets_the_load_go_on(string stream)
    {
        await using var server = await HostedServer.StartAsync();
        server.Loads.Close();
        using var leaving = new CancellationTokenSource();
        var answer = server.OpenAsync(
            "left", "/api/generate", Endless($"\"prompt\":\"x\",\"stream\":{stream}"), leaving.Token);
        await server.Loads.Entered;

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await server.Requests.EndedAsync("left");
        server.Loads.ReleaseAll();
        await server.Events.SeenAsync("Loaded");
        Assert.Equal(["tiny-chat:latest"], await server.LoadedNamesAsync());

        await server.AskAsync("/api/generate", """
            {"model":"tiny-chat","prompt":"x","raw":true,"stream":false,"options":{"num_predict":1}}
            """);
        Assert.Equal(1, server.Loads.Count);
        Assert.Single(server.Scheduler.Events, happened => happened.Kind == SchedulerEventKind.Queued);
    }

    /// <summary>The model repeats an x for ever: it ends only when somebody ends it.</summary>
    private static string Endless(string rest) =>
        "{\"model\":\"tiny-chat\"," + rest + ",\"think\":false,\"options\":{\"temperature\":0,\"num_predict\":-1}}";

    private static async Task AssertCanceledAsync(HostedServer server, SchedulerLog.Hold hold)
    {
        var before = server.Scheduler.Events.Count;
        await CancelHasArrivedAsync(server);
        hold.Release();
        await server.Scheduler.SeenAsync(SchedulerEventKind.SlotFreed, sequence: 1);

        var rest = server.Scheduler.Of(1, from: before);
        Assert.Equal(
            [SchedulerEventKind.Canceled, SchedulerEventKind.SlotFreed],
            rest.Where(happened => happened.Kind != SchedulerEventKind.Decoded).Select(happened => happened.Kind));
        Assert.InRange(rest.Count(happened => happened.Kind == SchedulerEventKind.Decoded), 0, 1);
        Assert.Equal(rest[^1].Step, rest[^2].Step);
    }

    /// <summary>
    /// A request for no tokens goes the same way as the cancelling before it and takes no slot: when it is answered,
    /// the scheduler's side has heard of both.
    /// </summary>
    private static async Task CancelHasArrivedAsync(HostedServer server)
    {
        await server.Requests.EndedAsync("left");
        await server.AskAsync("/api/generate", """
            {"model":"tiny-chat","prompt":"x","raw":true,"stream":false,"options":{"num_predict":0}}
            """);
    }

    private static async Task DrainAsync(HttpResponseMessage response)
    {
        try
        {
            await response.Content.CopyToAsync(Stream.Null, Token);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or ObjectDisposedException)
        {
            // The test left.
        }
    }
}
