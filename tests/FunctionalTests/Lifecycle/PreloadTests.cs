using System.Net;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>Models that are loaded before anybody asks.</summary>
public sealed class PreloadTests
{
    [Fact]
    public async Task Models_are_loaded_at_the_start_and_the_first_request_finds_them_so()
    {
        await using var server = await HostedServer.StartAsync(options => options with
        {
            PreloadedModels = [Name("tiny-chat"), Name("nowhere"), Name("tiny-embed")],
        });
        await server.Events.SeenAsync("Preloaded");
        Assert.Equal(1, server.Events.Count("NotPreloaded"));
        Assert.Equal(["tiny-chat:latest", "tiny-embed:latest"], (await server.LoadedNamesAsync()).Order());
        using var ready = await server.Client.GetAsync("/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        await server.AskAsync("/api/generate", """{"model":"tiny-chat","prompt":"a","stream":false}""");
        await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");
        Assert.Equal(2, server.Loads.Count);
    }

    private static ModelName Name(string model) => new(
        ModelName.DefaultHost, ModelName.DefaultNamespace, model, ModelName.DefaultTag);
}
