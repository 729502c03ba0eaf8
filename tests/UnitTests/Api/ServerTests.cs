using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
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
        Assert.True(server.Library.ArraysIncluded);
        (await server.Client.SendAsync(Post("show", "{\"model\":\"test\"}"), Cancel)).Dispose();
        Assert.False(server.Library.ArraysIncluded);
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
