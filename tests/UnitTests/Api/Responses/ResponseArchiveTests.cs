using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api;
using Ollama.Platform.Api.Responses;
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
        while (_kept.Records.Count > 0)
        {
            Cancel.ThrowIfCancellationRequested();

            // The writer may just be pausing.
            _time.Advance(TimeSpan.FromSeconds(1));
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
            id = (await server.PostAsync(Background)).Body.Text("id")!;
            while (server.Models.Calls.Count < 2)
            {
                Cancel.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        await using var next = await StartAsync();
        await AssertStoppedAsync(next, id);
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
        var options = Options.Create(new ApiOptions());
        var store = new ResponseStore(options, _time);
        var disk = new NoRecords { Listing = new TaskCompletionSource<IReadOnlyList<RecordKey>>().Task };
        using var archive = new ResponseArchive(store, disk, _time, options, NullLogger<ResponseArchive>.Instance);
        await archive.StartAsync(Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => archive.StopAsync(new CancellationToken(canceled: true)));
        Assert.True(store.Changes.TakeAsync().AsTask().IsCompleted);
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

    private async Task<ApiServer> StartAsync(
        string script = "greeting", bool hangs = false, Action<ApiOptions>? configure = null,
        Action<IServiceCollection>? services = null)
    {
        var server = await ApiServer.StartAsync(configure, _time, _kept, services);
        server.Models.Gate.Open();
        server.Models.HangsAtEnd = hangs;
        Scripts.Set(server.Models, script);
        return server;
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
