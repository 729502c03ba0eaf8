using System.Globalization;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.UnitTests;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>How long a model stays, as a client sees it in <c>/api/ps</c>.</summary>
public sealed class KeepAliveTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("\"0s\"")]
    public async Task Zero_unloads_after_the_answer(string keepAlive)
    {
        await using var server = await HostedServer.StartAsync();
        var answer = await server.AskAsync("/api/generate", Short(keepAlive));
        Assert.Equal("x", answer.GetProperty("response").GetString());
        await server.Events.SeenAsync("Unloaded");
        Assert.Empty(await server.LoadedAsync());
    }

    [Fact]
    public async Task The_time_runs_from_the_end_of_the_last_request()
    {
        var time = new ManualTimeProvider();
        await using var server = await HostedServer.StartAsync(time: time);
        await server.AskAsync("/api/generate", Short("\"30s\""));
        await time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(time.GetUtcNow().AddSeconds(30), await ExpiryAsync(server));

        time.Advance(TimeSpan.FromSeconds(20));
        await server.AskAsync("/api/generate", Short("null"));
        await time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(time.GetUtcNow().AddSeconds(30), await ExpiryAsync(server));

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Single(await server.LoadedAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        await server.Events.SeenAsync("Unloaded");
        Assert.Empty(await server.LoadedAsync());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("\"-1m\"")]
    [InlineData("-0.5")]
    public async Task A_negative_time_is_for_ever(string keepAlive)
    {
        var time = new ManualTimeProvider();
        await using var server = await HostedServer.StartAsync(time: time);
        await server.AskAsync("/api/generate", Short(keepAlive));
        Assert.True(await ExpiryAsync(server) > time.GetUtcNow().AddYears(100));
        time.Advance(TimeSpan.FromDays(365));
        Assert.Single(await server.LoadedAsync());
        Assert.Equal(0, server.Events.Count("Unloaded"));
    }

    [Theory]
    [InlineData(60, "1.5", 1.5)]
    [InlineData(60, "null", 60)]
    [InlineData(60, "\"1h30m\"", 5400)]
    public async Task The_request_overrides_the_setting(int setting, string keepAlive, double expected)
    {
        var time = new ManualTimeProvider();
        await using var server = await HostedServer.StartAsync(
            options => options with { KeepAlive = TimeSpan.FromSeconds(setting) }, time: time);
        await server.AskAsync("/api/generate", Short(keepAlive));
        await time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(expected));
        Assert.Equal(time.GetUtcNow().AddSeconds(expected), await ExpiryAsync(server));
    }

    [Fact]
    public async Task An_empty_request_loads_and_one_with_zero_unloads()
    {
        await using var server = await HostedServer.StartAsync();
        var loaded = await server.AskAsync("/api/chat", """{"model":"tiny-chat","messages":[]}""");
        Assert.Equal("load", loaded.GetProperty("done_reason").GetString());
        Assert.Single(await server.LoadedAsync());

        var unloaded = await server.AskAsync("/api/generate", """{"model":"tiny-chat","keep_alive":0}""");
        Assert.Equal("unload", unloaded.GetProperty("done_reason").GetString());
        await server.Events.SeenAsync("Unloaded");
        Assert.Empty(await server.LoadedAsync());
    }

    [Fact]
    public async Task Unloading_lets_the_running_request_finish()
    {
        await using var server = await HostedServer.StartAsync();
        var hold = server.Scheduler.HoldAtToken(sequence: 1, count: 4);
        var running = server.AskAsync("/api/generate", """
            {"model":"tiny-chat","prompt":"x","raw":true,"stream":false,"options":{"temperature":0,"num_predict":40}}
            """);
        await hold.Reached;

        var unloaded = await server.AskAsync("/api/chat", """{"model":"tiny-chat","messages":[],"keep_alive":0}""");
        Assert.Equal("unload", unloaded.GetProperty("done_reason").GetString());
        Assert.Single(await server.LoadedAsync());
        hold.Release();
        Assert.Equal(new string('x', 40), (await running).GetProperty("response").GetString());
        await server.Events.SeenAsync("Unloaded");
        Assert.Empty(await server.LoadedAsync());
    }

    [Fact]
    public async Task A_model_that_is_not_loaded_can_be_unloaded()
    {
        await using var server = await HostedServer.StartAsync();
        var unloaded = await server.AskAsync("/api/generate", """{"model":"tiny-embed","keep_alive":0}""");
        Assert.Equal("unload", unloaded.GetProperty("done_reason").GetString());
        Assert.Equal(0, server.Loads.Count);
    }

    private static async Task<DateTimeOffset> ExpiryAsync(HostedServer server) => DateTimeOffset.Parse(
        Assert.Single(await server.LoadedAsync()).GetProperty("expires_at").GetString()!,
        CultureInfo.InvariantCulture);

    private static string Short(string keepAlive) =>
        "{\"model\":\"tiny-chat\",\"prompt\":\"x\",\"raw\":true,\"stream\":false,\"keep_alive\":" + keepAlive
        + ",\"options\":{\"temperature\":0,\"num_predict\":1}}";
}
