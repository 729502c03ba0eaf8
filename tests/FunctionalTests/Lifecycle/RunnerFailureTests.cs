using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>A runner that fails: who is told what, and what lives on.</summary>
public sealed class RunnerFailureTests
{
    private const string Stopped = "model runner has unexpectedly stopped";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_first_token_the_last_line_is_the_error()
    {
        await using var server = await HostedServer.StartAsync();
        var hold = server.Scheduler.HoldAtToken(sequence: 1, count: 6);
        server.Scheduler.FailAt(happened => happened.Kind == SchedulerEventKind.Decoded && happened.Count == 7);
        using var response = await server.OpenAsync("stream", "/api/generate", Tokens(40, stream: true), Token);
        await hold.Reached;
        Assert.Equal(200, (int)response.StatusCode);
        hold.Release();

        var lines = (await response.Content.ReadAsStringAsync(Token)).TrimEnd('\n').Split('\n');
        Assert.True(lines.Length > 1);
        Assert.All(lines[..^1], line => Assert.Contains("\"done\":false", line));
        Assert.StartsWith(Stopped, JsonDocument.Parse(lines[^1]).RootElement.GetProperty("error").GetString());
        await AssertServedAgainAsync(server);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Before_the_first_token_the_status_tells_once_a_second_runner_failed_too(bool stream)
    {
        await using var server = await HostedServer.StartAsync();
        server.Scheduler.FailAt(happened => happened.Kind == SchedulerEventKind.Prefilled, times: 2);
        using var response = await server.OpenAsync("failing", "/api/generate", Tokens(40, stream), Token);
        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(Stopped, await response.Content.ReadAsStringAsync(Token));
        await AssertServedAgainAsync(server, loads: 3);
    }

    [Fact]
    public async Task A_client_that_was_sent_nothing_is_served_by_the_next_runner()
    {
        await using var server = await HostedServer.StartAsync();
        server.Scheduler.FailAt(happened => happened.Kind == SchedulerEventKind.Prefilled);
        await AssertServedAgainAsync(server);
    }

    [Fact]
    public async Task Whoever_was_sent_something_is_told_and_another_model_notices_nothing()
    {
        await using var server = await HostedServer.StartAsync();
        await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");
        var hold = server.Scheduler.HoldAtToken(sequence: 1, count: 2);
        var first = server.PostAsync("/api/generate", Tokens(40, stream: false));
        await hold.Reached;
        server.Scheduler.FailAt(happened => happened is { Kind: SchedulerEventKind.Decoded, SequenceId: 2 });
        var second = server.PostAsync("/api/generate", Tokens(40, stream: false));
        hold.Release();

        // The second had been sent nothing yet, and is served by the next runner.
        Assert.Equal(200, (await second).Status);
        Assert.True((await first).Status is 200 or 500);
        await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");
        Assert.Contains("tiny-embed:latest", await server.LoadedNamesAsync());
        await AssertServedAgainAsync(server, loads: 3);
    }

    private static async Task AssertServedAgainAsync(HostedServer server, int loads = 2)
    {
        var answer = await server.AskAsync("/api/generate", Tokens(5, stream: false));
        Assert.Equal("xxxxx", answer.GetProperty("response").GetString());
        Assert.Equal(loads, server.Loads.Count);
    }

    private static string Tokens(int count, bool stream) =>
        "{\"model\":\"tiny-chat\",\"prompt\":\"x\",\"raw\":true,\"stream\":" + (stream ? "true" : "false")
        + ",\"options\":{\"temperature\":0,\"num_predict\":" + count + "}}";
}
