using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>What an orchestrator's probes see.</summary>
public sealed class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_cannot_be_read_makes_the_server_unready_and_leaves_it_alive()
    {
        await using var server = await HostedServer.StartAsync(options => options with { ShippedModels = false });
        using var ready = await server.Client.GetAsync("/ready", Token);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        Directory.Move(server.Store, server.Store + ".away");
        await File.WriteAllTextAsync(server.Store, "", Token);
        using (var unready = await server.Client.GetAsync("/ready", Token))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, unready.StatusCode);
            var checks = (await unready.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("checks");
            Assert.Equal("The models' folder is a file.", checks.GetProperty("store").GetString());
            Assert.Equal("ok", checks.GetProperty("server").GetString());
        }

        using (var alive = await server.Client.GetAsync("/health", Token))
        {
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        }

        File.Delete(server.Store);
        Directory.Move(server.Store + ".away", server.Store);
        using var again = await server.Client.GetAsync("/ready", Token);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }
}
