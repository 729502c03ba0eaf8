using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Host;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>One of several hosts that serve a directory one after the other.</summary>
internal sealed class RestartedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RestartedServer(WebApplication app)
    {
        _app = app;
        Client = new HttpClient(new SocketsHttpHandler())
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features
                .Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
    }

    public HttpClient Client { get; }

    public static async Task<RestartedServer> StartAsync(
        string directory, Func<ServerOptions, ServerOptions>? configure = null)
    {
        var options = new ServerOptions
        {
            Listen = new ListenAddress("127.0.0.1", 0),
            ModelsDirectory = directory,
            GracePeriod = TimeSpan.Zero,
        };
        var app = ServerHost.Build(
            configure?.Invoke(options) ?? options,
            builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RestartedServer(app);
    }

    /// <summary>Stops in good order.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
