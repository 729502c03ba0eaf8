using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.FunctionalTests.Olla;

/// <summary>One real host with Olla's routes, on a port of their own as well, for all tests of them.</summary>
public sealed class OllaFixture : IAsyncLifetime
{
    internal HostedServer Server { get; private set; } = null!;

    /// <summary>Where a client of Ollama is pointed.</summary>
    public Uri Ollama => new(Server.Address, "/olla/ollama");

    /// <summary>Where a client of OpenAI is pointed; its base address ends in <c>/v1</c>.</summary>
    public Uri OpenAi => new(Server.Address, "/olla/openai");

    /// <summary>Where a client of Anthropic is pointed.</summary>
    public Uri Anthropic => new(Server.Address, "/olla/anthropic");

    public async ValueTask InitializeAsync() => Server = await HostedServer.StartAsync(options => options with
    {
        Olla = true,
        OllaListen = new ListenAddress("127.0.0.1", 0),
    });

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
