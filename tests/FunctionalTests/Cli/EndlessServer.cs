using Microsoft.AspNetCore.Http;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Cli;

/// <summary>
/// A server whose streams begin and never end, written from the protocol: it tells when a client leaves one.
/// </summary>
internal sealed class EndlessServer : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);

    private readonly string _line;
    private readonly SemaphoreSlim _left = new(0);
    private BareServer? _server;

    private EndlessServer(string line) => _line = line;

    public Uri Address => _server!.Address;

    /// <summary>Starts.</summary>
    /// <param name="line">The first line of each stream.</param>
    public static async Task<EndlessServer> StartAsync(string line)
    {
        var server = new EndlessServer(line);
        server._server = await BareServer.StartAsync(server.HandleAsync);
        return server;
    }

    /// <summary>Waits until a client has left one more stream.</summary>
    public async Task WaitUntilLeftAsync() => Assert.True(
        await _left.WaitAsync(WaitMax, TestContext.Current.CancellationToken),
        $"In {WaitMax.TotalSeconds} seconds no client left its stream.");

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
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
            await context.Response.WriteAsync(_line + "\n", context.RequestAborted);
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
