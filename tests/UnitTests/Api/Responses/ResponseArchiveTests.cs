using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Api;
using Ollama.Platform.Api.Responses;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Contracts.Records;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Records;

namespace Ollama.Platform.UnitTests.Api.Responses;

/// <summary>What is kept of responses outlives the server.</summary>
public sealed class ResponseArchiveTests
{
    private const string Kind = "response";
    private const string Background = "{\"model\":\"test\",\"background\":true,\"input\":\"Hi\"}";

    private readonly ManualTimeProvider _time = new();
    private readonly ApiServer.Kept _kept;

    public ResponseArchiveTests() => _kept = new ApiServer.Kept(new MemoryRecords(_time), new MemoryFileContents());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("thinking", "\"stream\":false")]
    [InlineData("tools", "\"stream\":true")]
    [InlineData("logprobs", "\"top_logprobs\":1,\"include\":[\"message.output_text.logprobs\"]")]
    [InlineData("cut", "\"metadata\":{\"a\":\"<b>\"},\"tools\":[{\"type\":\"function\",\"name\":\"f\","
        + "\"parameters\":{\"a\":1.50}}]")]
    public async Task A_restart_forgets_nothing(string script, string field)
    {
        string id;
        IReadOnlyList<string> before;
        await using (var server = await StartAsync(script))
        {
            var body = "{\"model\":\"thinker:8b\",\"input\":[{\"role\":\"user\",\"content\":\"\u00e9 <1.50>\"}],";
            using var made = await server.Client.SendAsync(ResponsesClient.Post(body + field + "}"), Cancel);
            id = IdIn(await made.Content.ReadAsStringAsync(Cancel));
            before = await ReadAsync(server, id);
        }

        await using var next = await StartAsync();
        Assert.Equal(before, await ReadAsync(next, id));
        var (status, _) = await next.PostAsync(
            "{\"model\":\"thinker:8b\",\"input\":\"Go on\",\"previous_response_id\":\"" + id + "\"}");
        Assert.Equal(200, status);
        Assert.Equal(
            "\u00e9 <1.50>", Assert.IsType<GenerationRequest>(Assert.Single(next.Models.Calls)).Messages[0].Content);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_deleted_stays_away()
    {
        string id;
        await using (var server = await StartAsync())
        {
            id = await CreateAsync(server);
            await WrittenAsync(1);
            await server.SendAsync(HttpMethod.Delete, "/v1/responses/" + id);
            Assert.Empty(await KeysAsync());
        }

        await using var next = await StartAsync();
        Assert.Equal(404, (await next.SendAsync(HttpMethod.Get, "/v1/responses/" + id)).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_has_expired_leaves_the_disk_though_nothing_else_happens()
    {
        await using var server = await StartAsync();
        await CreateAsync(server);
        await WrittenAsync(1);
        _time.Advance(TimeSpan.FromHours(1));
        var pause = TimeSpan.FromSeconds(1);
        var pausing = _time.WhenTimerIsArmedAsync(pause);
        while (_kept.Records.Count > 0)
        {
            Cancel.ThrowIfCancellationRequested();
            if (pausing.IsCompleted)
            {
                // No further than the writer pauses: once its record has expired, too, nobody would delete that.
                _time.Advance(pause);
                pausing = _time.WhenTimerIsArmedAsync(pause);
            }

            await Task.Yield();
        }
    }

    [Fact]
    public async Task What_makes_room_leaves_the_disk_and_a_smaller_limit_holds_after_a_restart()
    {
        var ids = new List<string>();
        await using (var server = await StartAsync(configure: options => options.Responses.CountMax = 2))
        {
            for (var index = 0; index < 3; index++)
            {
                ids.Add(await CreateAsync(server));
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        Assert.Equal(ids.Skip(1).Order(StringComparer.Ordinal), (await KeysAsync()).Select(key => key.Id));
        await using (var next = await StartAsync(configure: options => options.Responses.CountMax = 1))
        {
            Assert.Equal(404, (await next.SendAsync(HttpMethod.Get, "/v1/responses/" + ids[1])).Status);
            Assert.Equal(200, (await next.SendAsync(HttpMethod.Get, "/v1/responses/" + ids[2])).Status);
        }

        Assert.Equal(ids[2], Assert.Single(await KeysAsync()).Id);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_left_of_what_is_kept_when_that_is_switched_off()
    {
        await using (var server = await StartAsync())
        {
            await CreateAsync(server);
        }

        Assert.Single(await KeysAsync());
        await using var next = await StartAsync(configure: options => options.Responses.KeepTime = TimeSpan.Zero);
        await WrittenAsync(0);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_response_in_the_background_says_that_its_server_stopped()
    {
        string id;
        await using (var server = await StartAsync("silent", hangs: true))
        {
            server.Models.Chunks = [new GenerationChunk { Content = "a" }];
            id = (await server.PostAsync(Background)).Body.Text("id")!;
            while ((await server.SendAsync(HttpMethod.Get, "/v1/responses/" + id)).Body.Text("status") == "queued")
            {
                Cancel.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        await using var next = await StartAsync();
        await AssertStoppedAsync(next, id);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false, "completed")]
    [InlineData(true, "failed")]
    public async Task One_that_runs_has_the_grace_period_when_its_server_stops(bool isOver, string status)
    {
        var grace = TimeSpan.FromSeconds(30);
        var server = await StartAsync("silent", configure: options => options.Responses.GracePeriod = grace);
        server.Models.Gate = new FlushGate();
        server.Models.Chunks =
            [new GenerationChunk { Content = "a" }, new GenerationChunk { FinishReason = FinishReason.Stop }];
        var id = (await server.PostAsync(Background)).Body.Text("id")!;
        while ((await server.SendAsync(HttpMethod.Get, "/v1/responses/" + id)).Body.Text("status") == "queued")
        {
            await Task.Yield();
        }

        var armed = _time.WhenTimerIsArmedAsync(grace);
        var stopping = server.DisposeAsync().AsTask();
        await armed;
        _time.Advance(grace - TimeSpan.FromSeconds(1));
        Assert.False(server.Models.Canceled.Task.IsCompleted);
        if (isOver)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        else
        {
            server.Models.Gate.Open();
        }

        await stopping;
        await using var next = await StartAsync();
        Assert.Equal(status, (await next.SendAsync(HttpMethod.Get, "/v1/responses/" + id)).Body.Text("status"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_waits_when_its_server_stops_runs_on_one_server_that_starts(bool isRefused)
    {
        string id;
        GenerationRequest left;
        await using (var server = await StartAsync("silent", hangs: true))
        {
            id = await LeaveAsync(server, isRefused);
            left = Assert.IsType<GenerationRequest>(server.Models.Calls.Last());
        }

        await using var next = await StartAsync("silent", hangs: true);
        await CalledAsync(next, 1);
        await using var another = await StartAsync();
        Assert.Equal("failed", (await another.SendAsync(HttpMethod.Get, "/v1/responses/" + id)).Body.Text("status"));
        Assert.Empty(another.Models.Calls);
        var run = Assert.IsType<GenerationRequest>(Assert.Single(next.Models.Calls));
        Assert.Equal(["Be brief.", "Hi"], run.Messages.Select(message => message.Content));
        Assert.Equal(
            (left.Model, left.Priority, left.Options["top_p"].GetRawText(), left.CallsInPieces),
            (run.Model, run.Priority, run.Options["top_p"].GetRawText(), run.CallsInPieces));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stream_of_one_that_waits_goes_on_where_it_was()
    {
        string id;
        await using (var server = await StartAsync("silent", hangs: true))
        {
            id = await LeaveAsync(server, isRefused: false);
        }

        await using var next = await StartAsync();
        var events = ResponsesClient.Events(
            await next.Client.GetStringAsync($"/v1/responses/{id}?stream=true&starting_after=1", Cancel));
        Assert.Equal("response.in_progress 2", $"{events[0].Text("type")} {events[0].GetProperty("sequence_number")}");
        Assert.Equal("response.completed", events[^1].Text("type"));
    }

    [Fact(Timeout = 60_000)]
    public async Task So_does_one_whose_server_was_killed()
    {
        await using var killed = await StartAsync("silent", hangs: true);
        var id = (await killed.PostAsync(Background)).Body.Text("id")!;
        await WrittenAsync(1);
        await using var next = await StartAsync();
        await AssertStoppedAsync(next, id);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_disk_that_refuses_leaves_responses_in_memory_and_is_named_once()
    {
        await using var server = await StartAsync(
            services: services => services.AddSingleton<IRecords>(new NoRecords()));
        foreach (var id in new[] { await CreateAsync(server), await CreateAsync(server) })
        {
            Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/v1/responses/" + id)).Status);
        }

        while (server.Log.Entries.All(entry => !entry.Message.EndsWith("a restart will forget it.")))
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(
            ["in memory alone", "The responses of the last run cannot be read."],
            server.Log.Entries.Where(entry => entry.Level == LogLevel.Warning && entry.Message.Contains("response"))
                .Select(entry => entry.Message.Contains("in memory alone") ? "in memory alone" : entry.Message)
                .OrderByDescending(message => message, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stop_that_cannot_wait_for_the_disk_ends_the_writer_all_the_same()
    {
        var listing = new TaskCompletionSource<IReadOnlyList<RecordKey>>();
        await using var server = await StartAsync(
            services: services => services.AddSingleton<IRecords>(new NoRecords { Listing = listing.Task }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            server.Services.GetRequiredService<ResponseArchive>().StopAsync(new CancellationToken(canceled: true)));
        var ended = server.Services.GetRequiredService<ResponseStore>().Changes.TakeAsync().AsTask();
        Assert.True(ended.IsCompleted);
        listing.SetResult([]);
    }

    private static async Task AssertStoppedAsync(ApiServer server, string id)
    {
        var (_, found) = await server.SendAsync(HttpMethod.Get, "/v1/responses/" + id);
        Assert.Equal("failed", found.Text("status"));
        Assert.Equal(
            "{\"code\":\"server_error\",\"message\":\"the server stopped before the response was complete\"}",
            found.GetProperty("error").GetRawText());
        var events = ResponsesClient.Events(
            await server.Client.GetStringAsync($"/v1/responses/{id}?stream=true", Cancel));
        Assert.Equal("response.failed", events[^1].Text("type"));
        Assert.Equal(
            Enumerable.Range(0, events.Count), events.Select(what => what.GetProperty("sequence_number").GetInt32()));
    }

    // Leaves a response in the background of which nothing was made, as a server that stops does.
    private static async Task<string> LeaveAsync(ApiServer server, bool isRefused)
    {
        if (isRefused)
        {
            server.Models.Gate = new FlushGate();
            server.Models.BeatCount = 1;
            server.Models.HangsAtEnd = false;
            server.Models.Failure = new ModelException(ModelErrorCode.ShuttingDown);
        }

        using var post = ResponsesClient.Post("{\"top_p\":0.50,\"instructions\":\"Be brief.\"," + Background[1..]);
        post.Headers.Add("X-Priority", "7");
        using var made = await server.Client.SendAsync(post, Cancel);
        await CalledAsync(server, 2);
        if (isRefused)
        {
            server.BeginStop();
            server.Models.Gate.Open();
        }

        return IdIn(await made.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task CalledAsync(ApiServer server, int count)
    {
        while (server.Models.Calls.Count < count)
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static string IdIn(string text)
    {
        var start = text.IndexOf("\"id\":\"resp_", StringComparison.Ordinal) + "\"id\":\"".Length;
        return text[start..text.IndexOf('"', start)];
    }

    // Everything that can be asked about a response.
    private static async Task<IReadOnlyList<string>> ReadAsync(ApiServer server, string id)
    {
        var texts = new List<string>();
        foreach (var path in (string[])["", "?stream=true", "?stream=true&starting_after=2", "/input_items"])
        {
            texts.Add(await server.Client.GetStringAsync($"/v1/responses/{id}{path}", Cancel));
        }

        return texts;
    }

    private static async Task<string> CreateAsync(ApiServer server) =>
        (await server.PostAsync("{\"model\":\"test\",\"input\":\"Hi\"}")).Body.Text("id")!;

    private Task<IReadOnlyList<RecordKey>> KeysAsync() => _kept.Records.ListAsync(Kind, Cancel);

    private async Task WrittenAsync(int count)
    {
        while ((await KeysAsync()).Count != count)
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task<ApiServer> StartAsync(
        string script = "greeting", bool hangs = false, Action<ApiOptions>? configure = null,
        Action<IServiceCollection>? services = null)
    {
        return ApiServer.StartAsync(configure, _time, _kept, added =>
        {
            // Before the server starts: what was left to it runs at once.
            var models = (ScriptedModels)added.Last(one => one.ServiceType == typeof(IModels)).ImplementationInstance!;
            models.Gate.Open();
            models.HangsAtEnd = hangs;
            Scripts.Set(models, script);
            services?.Invoke(added);
        });
    }

    /// <summary>A disk that refuses everything.</summary>
    private sealed class NoRecords : IRecords
    {
        public Task<IReadOnlyList<RecordKey>>? Listing { get; init; }

        public Task<StoredRecord?> ReadAsync(RecordKey key, CancellationToken cancellationToken) =>
            Refuse<StoredRecord?>();

        public Task<long?> WriteAsync(
            RecordKey key, ReadOnlyMemory<byte> content, long versionExpected, TimeSpan? timeToLive,
            CancellationToken cancellationToken) => Refuse<long?>();

        public Task<bool> DeleteAsync(RecordKey key, long versionExpected, CancellationToken cancellationToken) =>
            Refuse<bool>();

        public Task<IReadOnlyList<RecordKey>> ListAsync(string kind, CancellationToken cancellationToken) =>
            Listing ?? Refuse<IReadOnlyList<RecordKey>>();

        private static Task<T> Refuse<T>() => Task.FromException<T>(new IOException("The disk is gone."));
    }
}
