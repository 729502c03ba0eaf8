using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Routing;

public sealed class CancelTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private const string Streamed = "{\"model\":\"test\",\"max_tokens\":5,\"stream\":true," + Messages + "}";
    private const string Whole = "{\"model\":\"test\",\"max_tokens\":5,\"stream\":false," + Messages + "}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/chat", "{\"error\":\"request canceled\"}\n")]
    [InlineData("/v1/chat/completions", "\"message\":\"request canceled\",\"type\":\"api_error\",\"param\":null,\"code\":null}}\n\n")]
    [InlineData("/v1/messages", "\"message\":\"request canceled\"},\"request_id\":\"mine\"}\n\n")]
    public async Task A_stream_that_is_canceled_ends_in_the_error_of_its_dialect(string path, string end)
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Chunks = [new GenerationChunk { Content = "a" }];
        server.Models.HangsAtEnd = true;
        using var response = await server.Client.SendAsync(
            Post(path, Streamed, "mine"), HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("mine", Assert.Single(response.Headers.GetValues(RequestId.Header)));
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        Assert.True(await body.ReadAsync(new byte[4096], Cancel) > 0);
        server.Models.Gate.Open();
        Assert.Equal("{\"id\":\"mine\",\"canceled\":1}", await CancelAsync(server, "mine", HttpStatusCode.OK));
        await server.Models.Canceled.Task.WaitAsync(Cancel);
        using var reader = new StreamReader(body);
        Assert.EndsWith(end, await reader.ReadToEndAsync(Cancel));
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level > LogLevel.Debug);
    }

    [Theory]
    [InlineData("/api/chat", Whole, "{\"error\":\"request canceled\"}")]
    [InlineData("/api/chat", Streamed, "{\"error\":\"request canceled\"}")]
    [InlineData("/v1/chat/completions", Whole, "{\"error\":{\"message\":\"request canceled\",\"type\":\"api_error\",\"param\":null,\"code\":null}}\n")]
    public async Task A_request_that_is_canceled_before_its_first_chunk_is_refused(
        string path, string body, string text)
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        var sending = server.Client.SendAsync(Post(path, body, "mine"), Cancel);
        await RunsAsync(server, 1);
        await CancelAsync(server, "mine", HttpStatusCode.OK);
        using var response = await sending;
        Assert.Equal(499, (int)response.StatusCode);
        Assert.Equal(text, await response.Content.ReadAsStringAsync(Cancel));
        await server.Models.Canceled.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task An_id_that_two_requests_carry_ends_both_and_no_other()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var other = server.Client.SendAsync(Post("/api/chat", Whole, "other"), leaving.Token);
        var first = server.Client.SendAsync(Post("/api/chat", Whole, "mine"), Cancel);
        var second = server.Client.SendAsync(Post("/api/chat", Whole, "mine"), Cancel);
        await RunsAsync(server, 3);
        Assert.Equal("{\"id\":\"mine\",\"canceled\":2}", await CancelAsync(server, "mine", HttpStatusCode.OK, "mine"));
        Assert.Equal(499, (int)(await first).StatusCode);
        Assert.Equal(499, (int)(await second).StatusCode);
        Assert.False(other.IsCompleted);
        await leaving.CancelAsync();
        await Record.ExceptionAsync(() => other);
    }

    [Fact]
    public async Task An_id_under_which_nothing_runs_is_not_found()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        (await server.Client.SendAsync(Post("/api/chat", Whole, "done"), Cancel)).Dispose();
        Assert.Equal(
            "{\"error\":\"no request runs under the id \\\"done\\\"\"}",
            await CancelAsync(server, "done", HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task A_request_without_an_id_is_given_one_that_can_be_canceled()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Chunks = [new GenerationChunk { Content = "a" }];
        server.Models.HangsAtEnd = true;
        using var response = await server.Client.SendAsync(
            Post("/api/chat", Streamed, null), HttpCompletionOption.ResponseHeadersRead, Cancel);
        var id = Assert.Single(response.Headers.GetValues(RequestId.Header));
        Assert.Matches("^req_[0-9a-f]{24}$", id);
        server.Models.Gate.Open();
        await CancelAsync(server, id, HttpStatusCode.OK);
        await server.Models.Canceled.Task.WaitAsync(Cancel);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("aéb")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task What_cannot_be_an_id_is_refused_and_nothing_runs(string id)
    {
        await using var server = await ApiServer.StartAsync();
        using var response = await server.Client.SendAsync(Post("/api/chat", Whole, id), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            "{\"error\":\"X-Request-ID must be 1 to 128 visible ASCII characters\"}",
            await response.Content.ReadAsStringAsync(Cancel));
        Assert.StartsWith("req_", Assert.Single(response.Headers.GetValues(RequestId.Header)));
        Assert.Empty(server.Models.Calls);
    }

    [Fact]
    public void More_requests_than_the_limit_are_refused_until_one_leaves()
    {
        var requests = new RunningRequests(countMax: 2);
        var first = requests.Enter("a", Cancel);
        using var second = requests.Enter("a", Cancel);
        var refused = Assert.Throws<ModelException>(() => requests.Enter("b", Cancel));
        Assert.Equal(ModelErrorCode.QueueFull, refused.Refusal.Code);
        first.Dispose();
        first.Dispose();
        using var third = requests.Enter("b", Cancel);
        Assert.Throws<ModelException>(() => requests.Enter("c", Cancel));
    }

    private static async Task RunsAsync(ApiServer server, int count)
    {
        while (server.Models.Calls.Count < count)
        {
            await Task.Yield();
        }
    }

    private static async Task<string> CancelAsync(
        ApiServer server, string id, HttpStatusCode status, string? ownId = null)
    {
        using var response = await server.Client.SendAsync(
            Post("/api/cancel", "{\"id\":\"" + id + "\"}", ownId), Cancel);
        Assert.Equal(status, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private static HttpRequestMessage Post(string path, string body, string? id)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8),
        };
        if (id is not null)
        {
            request.Headers.TryAddWithoutValidation(RequestId.Header, id);
        }

        return request;
    }
}
