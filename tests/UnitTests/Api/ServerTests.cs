using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api;

public sealed class ServerTests
{
    private const string Chat = "{\"model\":\"test\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_stream_cancels_its_run()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Chunks = [new GenerationChunk { Content = "a" }];
        server.Models.HangsAtEnd = true;
        using (var response = await server.Client.SendAsync(
            Post("chat", Chat), HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            Assert.True(await body.ReadAsync(new byte[1024], Cancel) > 0);
            server.Models.Gate.Open();
        }

        await server.Models.Canceled.Task.WaitAsync(Cancel);
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level > LogLevel.Debug);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_before_the_first_chunk_cancels_its_run(bool streamed)
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var body = streamed ? Chat : "{\"stream\":false," + Chat[1..];
        var sending = server.Client.SendAsync(
            Post("chat", body), HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        while (server.Models.Calls.IsEmpty)
        {
            await Task.Yield();
        }

        await leaving.CancelAsync();
        await Record.ExceptionAsync(() => sending);
        await server.Models.Canceled.Task.WaitAsync(Cancel);
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level > LogLevel.Debug);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_beyond_the_limit_is_refused(bool announced)
    {
        await using var server = await ApiServer.StartAsync(options => options.BodyBytesMax = 5000);
        using var fits = await server.Client.SendAsync(Post("chat", Padded(5000), announced), Cancel);
        Assert.Equal("{\"error\":\"model is required\"}", await fits.Content.ReadAsStringAsync(Cancel));
        using var exceeds = await server.Client.SendAsync(Post("chat", Padded(5001), announced), Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, exceeds.StatusCode);
        Assert.Equal("application/json; charset=utf-8", exceeds.Content.Headers.ContentType?.ToString());
        Assert.Equal("{\"error\":\"http: request body too large\"}", await exceeds.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(
        "/api/chat", "{\"model\":\"test\",\"messages\":[$,$,$]}",
        "{\"error\":\"too many messages in one request\"}")]
    [InlineData(
        "/v1/chat/completions", "{\"model\":\"test\",\"messages\":[$,$,$]}",
        "{\"error\":{\"message\":\"too many messages in one request\",\"type\":\"invalid_request_error\"")]
    [InlineData(
        "/v1/messages", "{\"model\":\"test\",\"max_tokens\":5,\"messages\":[$,$,$]}",
        "{\"type\":\"error\",\"error\":{\"type\":\"request_too_large\","
        + "\"message\":\"too many messages in one request\"}")]
    [InlineData(
        "/api/generate", "{\"model\":\"test\",\"prompt\":\"p\",\"images\":[\"AQID\",\"AQID\"]}",
        "{\"error\":\"too many images in one request\"}")]
    [InlineData(
        "/api/generate", "{\"model\":\"test\",\"prompt\":\"p\",\"images\":[\"AQIDBA==\"]}",
        "{\"error\":\"an image of the request is too large\"}")]
    [InlineData(
        "/api/chat",
        "{\"model\":\"test\",\"messages\":[{\"role\":\"user\",\"images\":[\"AQID\"]},"
        + "{\"role\":\"user\",\"images\":[\"AQID\"]}]}",
        "{\"error\":\"too many images in one request\"}")]
    [InlineData(
        "/v1/chat/completions",
        "{\"model\":\"test\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
        + "{\"url\":\"data:image/png;base64,AQIDBA==\"}}]}]}",
        "{\"error\":{\"message\":\"an image of the request is too large\",\"type\":\"invalid_request_error\"")]
    [InlineData(
        "/v1/messages",
        "{\"model\":\"test\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\","
        + "\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AQIDBA==\"}}]}]}",
        "{\"type\":\"error\",\"error\":{\"type\":\"request_too_large\","
        + "\"message\":\"an image of the request is too large\"}")]
    public async Task A_request_that_holds_too_much_is_refused(string path, string body, string expected)
    {
        await using var server = await ApiServer.StartAsync(options =>
            (options.MessageCountMax, options.ImageCountMax, options.ImageBytesMax) = (2, 1, 3));
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body.Replace("$", "{\"role\":\"user\",\"content\":\"Hi\"}")),
        };
        using var refused = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.StartsWith(expected, await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Empty(server.Models.Calls);
    }

    [Fact]
    public async Task A_body_of_megabytes_is_read()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        var image = Convert.ToBase64String(new byte[5_000_001]);
        using var response = await server.Client.SendAsync(
            Post("generate", "{\"model\":\"test\",\"prompt\":\"p\",\"images\":[\"" + image + "\"]}", announced: false),
            Cancel);
        var request = Assert.IsType<GenerationRequest>(Assert.Single(server.Models.Calls));
        Assert.Equal(5_000_001, Assert.Single(request.Images).Length);
    }

    [Fact]
    public async Task A_name_of_ten_kilobytes_is_no_name()
    {
        await using var server = await ApiServer.StartAsync();
        using var response = await server.Client.SendAsync(
            Post("generate", "{\"model\":\"" + new string('a', 10_240) + "\"}"), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("{\"error\":\"invalid model name\"}", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_body_without_end_of_nesting_is_refused()
    {
        await using var server = await ApiServer.StartAsync();
        using var response = await server.Client.SendAsync(
            Post("chat", "{\"messages\":" + new string('[', 1_000_000)), Cancel);
        Assert.Equal(
            "{\"error\":\"invalid character '[' exceeded max depth\"}",
            await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_stream_of_lines_has_no_heartbeats_and_a_late_refusal_has_a_status()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "wait 3 refuse LoadFailed no luck");
        server.Models.Gate.Open();
        using var refused = await server.Client.SendAsync(Post("chat", Chat), Cancel);
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Equal("{\"error\":\"no luck\"}", await refused.Content.ReadAsStringAsync(Cancel));
        Scripts.Set(server.Models, "wait 3 greeting");
        using var chat = await server.Client.SendAsync(Post("chat", Chat), Cancel);
        Assert.StartsWith("{\"model\"", await chat.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_between_heartbeats_cancels_its_run()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        server.Models.BeatCount = 1;
        using (var response = await server.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent("{\"stream\":true," + Chat[1..]),
            },
            HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            var beat = new byte[64];
            Assert.Equal(": heartbeat\n\n", Encoding.UTF8.GetString(beat, 0, await body.ReadAsync(beat, Cancel)));
            server.Models.Gate.Open();
        }

        await server.Models.Canceled.Task.WaitAsync(Cancel);
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level > LogLevel.Debug);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(86_401)]
    [InlineData(-2)]
    public async Task A_heartbeat_that_cannot_be_stops_the_host(int seconds)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiServer.StartAsync(
            options => options.HeartbeatInterval = TimeSpan.FromSeconds(seconds)));
        Assert.Contains("OLLAMA_HEARTBEAT_INTERVAL", refused.Message);
    }

    [Fact]
    public async Task Heartbeats_can_be_switched_off()
    {
        await using var server = await ApiServer.StartAsync(
            options => options.HeartbeatInterval = Timeout.InfiniteTimeSpan);
        Scripts.Set(server.Models, "wait 3 refuse LoadFailed no luck");
        server.Models.Gate.Open();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("{\"stream\":true," + Chat[1..]),
        };
        using var refused = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
    }

    [Fact]
    public async Task A_bug_is_not_dressed_up_as_a_refusal()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Bug = new InvalidOperationException("a bug");
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Client.SendAsync(Post("chat", Chat), Cancel));
    }

    [Fact]
    public async Task A_failure_of_the_server_is_logged_once_and_a_refusal_is_not()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "refuse LoadFailed no luck");
        (await server.Client.SendAsync(Post("chat", Chat), Cancel)).Dispose();
        Assert.Single(server.Log.Entries, entry => entry.Level == LogLevel.Warning);
        Scripts.Set(server.Models, "refuse QueueFull");
        (await server.Client.SendAsync(Post("chat", Chat), Cancel)).Dispose();
        Assert.Single(server.Log.Entries, entry => entry.Level > LogLevel.Debug);
    }

    [Fact]
    public async Task Verbose_asks_the_library_for_arrays()
    {
        await using var server = await ApiServer.StartAsync();
        (await server.Client.SendAsync(Post("show", "{\"model\":\"test\",\"verbose\":true}"), Cancel)).Dispose();
        Assert.True(server.Library.ReportRequest?.ArraysIncluded);
        (await server.Client.SendAsync(Post("show", "{\"model\":\"test\"}"), Cancel)).Dispose();
        Assert.False(server.Library.ReportRequest?.ArraysIncluded);
    }

    private static string Padded(int length) => "{}" + new string(' ', length - 2);

    private static HttpRequestMessage Post(string route, string body, bool announced = true)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/" + route)
        {
            Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body))),
        };
        request.Headers.TransferEncodingChunked = !announced;
        return request;
    }
}
