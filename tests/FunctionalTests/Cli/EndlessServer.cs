using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ollama.Platform.FunctionalTests.Cli;

/// <summary>
/// A server whose streams begin and never end, written from the protocol: it tells when a client leaves one.
/// </summary>
internal sealed class EndlessServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _left = new(0);

    private EndlessServer(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The first line of each stream.</summary>
    public string Line { get; init; } = "";

    public static async Task<EndlessServer> StartAsync(string line)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var app = builder.Build();
        var server = new EndlessServer(app) { Line = line };
        app.Run(server.HandleAsync);
        await app.StartAsync();
        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    /// <summary>Waits until a client has left one more stream.</summary>
    public Task WaitUntilLeftAsync() => _left.WaitAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _left.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (context.Request.Path == "/api/show")
        {
            await context.Response.WriteAsync("""{"capabilities":["completion"]}""", context.RequestAborted);
            return;
        }

        if (body.Contains("\"stream\":false", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync("""{"done":true}""", context.RequestAborted);
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // A blob is taken and never answered.
        if (!context.Request.Path.StartsWithSegments("/api/blobs", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync(Line + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        var left = new TaskCompletionSource();
        await using (context.RequestAborted.Register(left.SetResult))
        {
            await left.Task;
            _left.Release();
        }
    }
}
