using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Api;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Health;

public sealed class ReadyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_stops_lives_and_is_not_ready()
    {
        await using var server = await ApiServer.StartAsync();
        server.BeginStop();
        using var ready = await server.Client.GetAsync("/ready", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(
            "{\"status\":\"unavailable\",\"checks\":{\"server\":\"The server is shutting down.\"}}",
            await ready.Content.ReadAsStringAsync(Cancel));
        using var alive = await server.Client.GetAsync("/health", Cancel);
        Assert.Equal("{\"status\":\"ok\"}", await alive.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task One_check_that_fails_is_enough_and_changes_alone_are_logged()
    {
        string? obstacle = "The disk is gone.";
        await using var server = await ApiServer.StartAsync(services: services => services.AddHealthChecks()
            .AddCheck("store", () => obstacle is null ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy(obstacle), [ApiHosting.ReadyTag])
            .AddCheck("other", () => HealthCheckResult.Unhealthy("Nobody asked.")));

        for (var probe = 0; probe < 3; probe++)
        {
            using var unready = await server.Client.GetAsync("/ready", Cancel);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, unready.StatusCode);
            Assert.Equal("no-store", unready.Headers.CacheControl?.ToString());
            Assert.Equal(
                "{\"status\":\"unavailable\",\"checks\":{\"server\":\"ok\",\"store\":\"The disk is gone.\"}}",
                await unready.Content.ReadAsStringAsync(Cancel));
        }

        obstacle = null;
        using var head = new HttpRequestMessage(HttpMethod.Head, "/ready");
        using var ready = await server.Client.SendAsync(head, Cancel);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(
            [
                (LogLevel.Warning, "The server is not ready: The disk is gone."),
                (LogLevel.Information, "The server is ready again."),
            ],
            server.Log.Entries.Where(entry => entry.Level > LogLevel.Debug));
    }
}
