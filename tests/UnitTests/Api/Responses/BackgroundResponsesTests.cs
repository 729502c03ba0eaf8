using System.Text.Json;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Responses;

public sealed class BackgroundResponsesTests
{
    private const string Background = "{\"model\":\"test\",\"background\":true,\"input\":\"Hi\"}";
    private const string Streamed = "{\"model\":\"test\",\"background\":true,\"stream\":true,\"input\":\"Hi\"}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_answered_at_once_and_found_when_it_is_done()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "greeting");
        var (status, made) = await server.PostAsync(Background);
        Assert.Equal((200, "queued"), (status, made.Text("status")));
        var path = "/v1/responses/" + made.Text("id");
        var (_, early) = await server.SendAsync(HttpMethod.Get, path);
        Assert.Contains(early.Text("status"), (string[])["queued", "in_progress"]);
        server.Models.Gate.Open();
        server.Models.Gate.Release();
        server.Models.Gate.Release();
        var events = ResponsesClient.Events(await server.Client.GetStringAsync(path + "?stream=true", Cancel));
        Assert.Equal(
            ["response.created", "response.queued", "response.in_progress", "response.output_item.added"],
            events.Take(4).Select(what => what.Text("type")));
        Assert.Equal("response.completed", events[^1].Text("type"));
        var (_, done) = await server.SendAsync(HttpMethod.Get, path);
        Assert.Equal(events[^1].GetProperty("response").GetRawText(), done.GetRawText());
    }

    [Fact]
    public async Task It_goes_on_when_its_client_leaves_and_the_stream_can_be_taken_up_again()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "greeting");
        var seen = new List<JsonElement>();
        using (var response = await server.Client.SendAsync(
            ResponsesClient.Post(Streamed), HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            using var reader = new StreamReader(body);
            while (seen.Count == 0 || seen[^1].Text("type") != "response.output_text.delta")
            {
                if (await reader.ReadLineAsync(Cancel) is { } line && line.StartsWith("data: "))
                {
                    seen.Add(JsonElement.Parse(line["data: ".Length..]));
                }
            }
        }

        Assert.False(server.Models.Canceled.Task.IsCompleted);
        for (var count = 0; count < 3; count++)
        {
            server.Models.Gate.Release();
        }

        var path = "/v1/responses/" + seen[0].GetProperty("response").Text("id");
        var last = seen[^1].GetProperty("sequence_number").GetInt32();
        var rest = ResponsesClient.Events(
            await server.Client.GetStringAsync($"{path}?stream=true&starting_after={last}", Cancel));
        Assert.Equal(last + 1, rest[0].GetProperty("sequence_number").GetInt32());
        Assert.Equal("response.completed", rest[^1].Text("type"));
    }

    [Fact]
    public async Task It_can_be_canceled_while_somebody_follows()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Chunks = [new GenerationChunk { Content = "a" }];
        server.Models.HangsAtEnd = true;
        server.Models.Gate.Open();
        var (_, made) = await server.PostAsync(Background);
        var path = "/v1/responses/" + made.Text("id");
        var following = server.Client.GetStringAsync(path + "?stream=true", Cancel);
        var (status, canceled) = await server.PostAsync("", path + "/cancel");
        Assert.Equal((200, "cancelled"), (status, canceled.Text("status")));
        await server.Models.Canceled.Task.WaitAsync(Cancel);
        var end = ResponsesClient.Events(await following)[^1];
        Assert.Equal(("error", "cancelled", "request canceled"), (end.Text("type"), end.Text("code"), end.Message()));
        var (_, again) = await server.PostAsync("", path + "/cancel");
        Assert.Equal(canceled.GetRawText(), again.GetRawText());
    }

    [Fact]
    public async Task Who_follows_sees_a_sign_of_life()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        using var response = await server.Client.SendAsync(
            ResponsesClient.Post(Streamed), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        using var reader = new StreamReader(body);
        string? line;
        do
        {
            var reading = reader.ReadLineAsync(Cancel).AsTask();
            while (!reading.IsCompleted)
            {
                // The server arms its timer after it has sent what there is.
                server.Models.Time.Advance(ScriptedModels.Heartbeat);
                await Task.Yield();
            }

            line = await reading;
        }
        while (line is not (null or ": heartbeat"));

        Assert.Equal(": heartbeat", line);
    }

    [Fact]
    public async Task A_failure_is_found_in_the_response()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "fail EngineFailed decode failed");
        server.Models.Gate.Open();
        var (_, made) = await server.PostAsync(Background);
        var path = "/v1/responses/" + made.Text("id");
        var events = ResponsesClient.Events(await server.Client.GetStringAsync(path + "?stream=true", Cancel));
        Assert.Equal("response.failed", events[^1].Text("type"));
        var (_, found) = await server.SendAsync(HttpMethod.Get, path);
        Assert.Equal("failed", found.Text("status"));
        Assert.Equal(
            "{\"code\":\"server_error\",\"message\":\"decode failed\"}", found.GetProperty("error").GetRawText());
    }

    [Fact]
    public async Task A_bug_ends_the_response_and_is_logged()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "greeting");
        server.Models.Gate.Open();
        server.Models.RunBug = new InvalidOperationException("a bug");
        var (_, made) = await server.PostAsync(Background);
        var path = "/v1/responses/" + made.Text("id");
        await server.Client.GetStringAsync(path + "?stream=true", Cancel);
        var (_, found) = await server.SendAsync(HttpMethod.Get, path);
        Assert.Equal("failed", found.Text("status"));
        Assert.Single(server.Log.Entries, entry => entry.Level == LogLevel.Error);
    }

    [Fact]
    public async Task A_mistake_is_refused_while_there_is_somebody_to_tell()
    {
        await using var server = await ApiServer.StartAsync();
        var (status, body) = await server.PostAsync("{\"model\":\"nope\",\"background\":true,\"input\":\"Hi\"}");
        Assert.Equal((404, "model 'nope' not found"), (status, body.Message()));
    }

    [Fact]
    public async Task One_more_than_the_limit_is_refused()
    {
        await using var server = await ApiServer.StartAsync(options => options.Responses.BackgroundCountMax = 1);
        server.Models.HangsAtEnd = true;
        var (_, made) = await server.PostAsync(Background);
        var (status, _) = await server.PostAsync(Background);
        Assert.Equal(503, status);
        await server.PostAsync("", $"/v1/responses/{made.Text("id")}/cancel");
        (status, _) = await server.PostAsync(Background);
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task What_runs_cannot_be_gone_on_from_and_a_deletion_ends_it()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        var (_, made) = await server.PostAsync(Background);
        var (status, body) = await server.PostAsync(
            "{\"model\":\"test\",\"input\":\"Hi\",\"previous_response_id\":\"" + made.Text("id") + "\"}");
        Assert.Equal(
            (400, $"previous response \"{made.Text("id")}\" has not ended yet"), (status, body.Message()));
        await server.SendAsync(HttpMethod.Delete, "/v1/responses/" + made.Text("id"));
        await server.Models.Canceled.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task It_ends_with_the_server()
    {
        var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        await server.PostAsync(Background);
        while (server.Models.Calls.Count < 2)
        {
            await Task.Yield();
        }

        await server.DisposeAsync();
        await server.Models.Canceled.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task What_could_not_be_fetched_does_not_begin()
    {
        await using var server = await ApiServer.StartAsync();
        var (status, body) = await server.PostAsync("{\"store\":false," + Background[1..]);
        Assert.Equal((400, "background needs store: the response could not be fetched"), (status, body.Message()));
        await using var forgetful = await ApiServer.StartAsync(options => options.Responses.KeepTime = TimeSpan.Zero);
        (status, body) = await forgetful.PostAsync(Background);
        Assert.Equal(
            (400, "this server keeps no responses, so that none can run in the background"), (status, body.Message()));
        Assert.Empty(server.Models.Calls.Concat(forgetful.Models.Calls));
    }
}
