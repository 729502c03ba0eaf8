using System.Globalization;
using System.Text;
using Ollama.Platform.Benchmarks.Engine;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>A host over scripted models in a process of its own, with a client.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private ScriptedServer(ChildProcess process, Uri address)
    {
        _process = process;
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>A client of it.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts it and returns when it listens.</summary>
    public static async Task<ScriptedServer> StartAsync(CancellationToken cancellationToken)
    {
        var process = ChildProcess.Start("Ollama.Platform.Benchmarks.dll", [ServingCommand.Name]);
        return new ScriptedServer(process, new Uri(await process.ReadAsync(cancellationToken)));
    }

    /// <summary>Bytes that it holds after collecting: managed ones, and of the machine.</summary>
    public async Task<(long Managed, long Resident)> MemoryAsync(CancellationToken cancellationToken)
    {
        await _process.WriteAsync("memory", cancellationToken);
        var words = (await _process.ReadAsync(cancellationToken)).Split(' ');
        return (
            long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Asks in a dialect, and returns with the headers.</summary>
    public async Task<HttpResponseMessage> AskAsync(
        ApiDialect dialect, string script, bool isStream, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, dialect.Path)
        {
            Content = new StringContent(dialect.Body(script, isStream), Encoding.UTF8, "application/json"),
        };
        var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }
}
