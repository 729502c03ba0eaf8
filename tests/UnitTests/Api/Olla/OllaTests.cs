using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ollama.Platform.Api;
using Ollama.Platform.Api.Olla.Status;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Olla;

public sealed class OllaTests
{
    private const string Chat = "{\"name\":\"test\",\"stream\":false,\"options\":{\"max_tokens\":7},"
        + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_other_names_of_model_and_limit_arrive()
    {
        await using var server = await StartAsync();
        Scripts.Set(server.Models, "greeting");
        server.Models.Gate.Open();
        using (var olla = await PostAsync(server, "/olla/ollama/api/chat", Chat))
        {
            Assert.Equal(HttpStatusCode.OK, olla.StatusCode);
        }

        var request = Assert.IsType<GenerationRequest>(Assert.Single(server.Models.Calls));
        Assert.Equal("test", request.Model);
        Assert.Equal(7, request.Options["num_predict"].GetInt32());

        // Without the prefix Ollama's own words count alone.
        using var native = await PostAsync(server, "/api/chat", Chat);
        Assert.Equal(HttpStatusCode.BadRequest, native.StatusCode);
        Assert.Single(server.Models.Calls);
    }

    [Theory]
    [InlineData("req-1", "req-1")]
    [InlineData(null, null)]
    [InlineData("not an id", null)]
    public async Task One_id_names_the_request_everywhere(string? sent, string? expected)
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/olla/nobody/api/tags");
        if (sent is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Request-ID", sent);
        }

        using var response = await server.Client.SendAsync(request, Cancel);
        var id = Assert.Single(response.Headers.GetValues("X-Olla-Request-ID"));
        Assert.Equal(id, Assert.Single(response.Headers.GetValues("X-Request-ID")));
        Assert.Equal(expected ?? id, id);
        Assert.StartsWith(expected ?? "req_", id);
    }

    [Theory]
    [InlineData("/olla/ollama/api/tags", null, "olla-1")]
    [InlineData("/api/tags", null, "olla-1")]
    [InlineData("/api/tags", "own-1", "own-1")]
    public async Task What_Olla_calls_a_request_is_its_id(string path, string? own, string expected)
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Olla-Request-ID", "olla-1");
        if (own is not null)
        {
            request.Headers.Add("X-Request-ID", own);
        }

        using var response = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(expected, Assert.Single(response.Headers.GetValues("X-Request-ID")));
    }

    [Fact]
    public async Task A_refusal_before_the_routes_has_the_headers_too()
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/olla/ollama/api/tags");
        request.Headers.Add("Origin", "https://evil.example");
        using var response = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("silo-1", Assert.Single(response.Headers.GetValues("X-Olla-Endpoint")));
        Assert.False(response.Headers.Contains("X-Olla-Model"));
    }

    [Fact]
    public async Task Counters_tell_what_was_answered()
    {
        await using var server = await StartAsync();
        Scripts.Set(server.Models, "greeting");
        server.Models.Gate.Open();
        long bytes = 0;
        foreach (var path in new[] { "/olla/ollama/api/chat", "/olla/ollama/api/chat", "/api/chat" })
        {
            using var response = await PostAsync(server, path, Chat.Replace("name", "model"));
            bytes += (await response.Content.ReadAsByteArrayAsync(Cancel)).Length;
        }

        Scripts.Set(server.Models, "refuse LoadFailed no luck");
        using (var failed = await PostAsync(server, "/v1/chat/completions", Chat.Replace("name", "model")))
        {
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
            bytes += (await failed.Content.ReadAsByteArrayAsync(Cancel)).Length;
        }

        using var state = await GetAsync(server, "/internal/status");
        var system = (await JsonAsync(state)).GetProperty("system");
        Assert.Equal(4, system.GetProperty("total_requests").GetInt64());
        Assert.Equal(1, system.GetProperty("total_failures").GetInt64());
        Assert.Equal("75%", system.GetProperty("success_rate").GetString());
        Assert.Equal("critical", system.GetProperty("status").GetString());
        Assert.Equal(StatusText.Bytes(bytes), system.GetProperty("total_traffic").GetString());
        Assert.Equal(0, system.GetProperty("active_connections").GetInt32());
        Assert.True(system.GetProperty("has_traffic").GetBoolean());
    }

    [Theory]
    [InlineData("fail RunnerStopped", true, 1)]
    [InlineData("fail RunnerStopped", false, 1)]
    [InlineData("refuse QueueFull", true, 1)]
    [InlineData("refuse OptionInvalid option \"top_k\" must be of type integer", false, 0)]
    [InlineData("refuse ModelNotFound", false, 0)]
    public async Task A_failure_counts_wherever_it_happens_and_a_mistake_does_not(
        string script, bool streamed, int failures)
    {
        await using var server = await StartAsync();
        Scripts.Set(server.Models, script);
        server.Models.Gate.Open();
        var body = Chat.Replace("\"stream\":false,", streamed ? "" : "\"stream\":false,");
        (await PostAsync(server, "/olla/ollama/api/chat", body)).Dispose();
        using var state = await GetAsync(server, "/internal/status/endpoints");
        var endpoint = (await JsonAsync(state)).GetProperty("endpoints")[0];
        Assert.Equal(1, endpoint.GetProperty("request_count").GetInt64());
        Assert.Equal(failures == 0 ? "100%" : "0%", endpoint.GetProperty("success_rate").GetString());
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_a_violation_and_no_failure()
    {
        await using var server = await StartAsync(options => options.BodyBytesMax = 10);
        (await PostAsync(server, "/olla/ollama/api/chat", Chat)).Dispose();
        using var state = await GetAsync(server, "/internal/status");
        var status = await JsonAsync(state);
        Assert.Equal(
            1, status.GetProperty("security").GetProperty("violations").GetProperty("size_limits").GetInt64());
        Assert.Equal(0, status.GetProperty("system").GetProperty("total_failures").GetInt64());
    }

    [Fact]
    public async Task A_running_request_is_seen_and_one_that_leaves_is_no_failure()
    {
        await using var server = await StartAsync();
        server.Models.Chunks = [new GenerationChunk { Content = "a" }];
        server.Models.HangsAtEnd = true;
        using (var running = await server.Client.SendAsync(
            Post("/olla/ollama/api/chat", Chat.Replace("\"stream\":false,", "")),
            HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            await using var body = await running.Content.ReadAsStreamAsync(Cancel);
            Assert.True(await body.ReadAsync(new byte[1024], Cancel) > 0);
            using var during = await GetAsync(server, "/internal/status");
            var seen = (await JsonAsync(during)).GetProperty("system");
            Assert.Equal(1, seen.GetProperty("active_connections").GetInt32());
            server.Models.Gate.Open();
        }

        await server.Models.Canceled.Task.WaitAsync(Cancel);
        JsonElement system;
        do
        {
            using var after = await GetAsync(server, "/internal/status");
            system = (await JsonAsync(after)).GetProperty("system");
        }
        while (system.GetProperty("active_connections").GetInt32() > 0);
        Assert.Equal(0, system.GetProperty("total_failures").GetInt64());
        Assert.Equal(1, system.GetProperty("total_requests").GetInt64());
    }

    [Theory]
    [InlineData("/internal/status")]
    [InlineData("/internal/status/endpoints")]
    [InlineData("/internal/status/models")]
    public async Task A_state_that_is_known_is_not_sent_again(string path)
    {
        await using var server = await StartAsync();
        using var first = await GetAsync(server, path);
        var tag = first.Headers.ETag!;
        Assert.True(tag.IsWeak);
        Assert.True(first.Headers.CacheControl is { Private: true, NoCache: true });
        Assert.Contains("Accept-Encoding", first.Headers.Vary);

        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse("\"other\""));
        again.Headers.IfNoneMatch.Add(tag);
        using var known = await server.Client.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(tag, known.Headers.ETag);
        Assert.Empty(await known.Content.ReadAsByteArrayAsync(Cancel));

        Scripts.Set(server.Models, "greeting");
        server.Models.Gate.Open();
        server.Library.Models.RemoveAt(0);
        (await PostAsync(server, "/olla/ollama/api/chat", Chat)).Dispose();
        using var changed = new HttpRequestMessage(HttpMethod.Get, path);
        changed.Headers.IfNoneMatch.Add(tag);
        using var news = await server.Client.SendAsync(changed, Cancel);
        Assert.Equal(HttpStatusCode.OK, news.StatusCode);
        Assert.NotEqual(tag, news.Headers.ETag);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br;q=1.0, GZIP;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("identity", false)]
    [InlineData("?", false)]
    public async Task A_long_state_is_compressed_for_those_who_take_it(string accepted, bool compressed)
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/status");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var response = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(compressed, response.Content.Headers.ContentEncoding.Contains("gzip"));
        Stream body = await response.Content.ReadAsStreamAsync(Cancel);
        if (compressed)
        {
            body = new GZipStream(body, CompressionMode.Decompress);
        }

        using var document = await JsonDocument.ParseAsync(body, cancellationToken: Cancel);
        Assert.Equal("1/1", document.RootElement.GetProperty("system").GetProperty("endpoints_up").GetString());
    }

    [Fact]
    public async Task A_server_that_stops_is_not_up()
    {
        await using var server = await StartAsync();
        server.BeginStop();
        using var state = await GetAsync(server, "/internal/status");
        var status = await JsonAsync(state);
        Assert.Equal("0/1", status.GetProperty("system").GetProperty("endpoints_up").GetString());
        Assert.Equal("critical", status.GetProperty("system").GetProperty("status").GetString());
        Assert.Equal("unhealthy", status.GetProperty("endpoints")[0].GetProperty("status").GetString());
        Assert.Equal("unavailable", status.GetProperty("endpoints")[0].GetProperty("issues").GetString());
        using var endpoints = await GetAsync(server, "/internal/status/endpoints");
        Assert.Equal(0, (await JsonAsync(endpoints)).GetProperty("routable_count").GetInt32());
    }

    private static Task<ApiServer> StartAsync(Action<ApiOptions>? configure = null) => ApiServer.StartAsync(options =>
    {
        (options.Olla, options.EndpointName) = (true, "silo-1");
        configure?.Invoke(options);
    });

    private static HttpRequestMessage Post(string path, string body) => new(HttpMethod.Post, path)
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
    };

    private static Task<HttpResponseMessage> PostAsync(ApiServer server, string path, string body) =>
        server.Client.SendAsync(Post(path, body), Cancel);

    private static Task<HttpResponseMessage> GetAsync(ApiServer server, string path) =>
        server.Client.GetAsync(path, Cancel);

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel));
}
