using System.Globalization;
using Ollama.Platform.Benchmarks.Engine;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>A host over scripted models in a process of its own, with a client.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = int.MaxValue,
        EnableMultipleHttp2Connections = true,

        // A stream that is left is not read to its end, which never comes.
        ResponseDrainTimeout = TimeSpan.Zero,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private ScriptedServer(ChildProcess process, string addresses)
    {
        _process = process;
        var words = addresses.Split(' ');
        (Address, GrpcAddress) = (new Uri(words[0]), new Uri(words[1]));
    }

    /// <summary>Where the dialects of HTTP are served.</summary>
    public Uri Address { get; }

    /// <summary>Where gRPC is served.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>Starts it and returns when it listens.</summary>
    public static async Task<ScriptedServer> StartAsync(CancellationToken cancellationToken)
    {
        var process = ChildProcess.Start("Ollama.Platform.Benchmarks.dll", [ServingCommand.Name]);
        return new ScriptedServer(process, await process.ReadAsync(cancellationToken));
    }

    /// <summary>Bytes that it holds after collecting: managed ones, and of the machine.</summary>
    public async Task<(long Managed, long Resident)> MemoryAsync(CancellationToken cancellationToken)
    {
        var words = await AskAsync(ServingCommand.Memory, cancellationToken);
        return (words[0], words[1]);
    }

    /// <summary>Processor time that it has used, without what clients use.</summary>
    public async Task<TimeSpan> ProcessorTimeAsync(CancellationToken cancellationToken) =>
        TimeSpan.FromTicks((await AskAsync(ServingCommand.Processor, cancellationToken))[0]);

    /// <summary>Asks in a dialect, and returns with the headers.</summary>
    /// <param name="dialect">The dialect.</param>
    /// <param name="script">What the models are to do.</param>
    /// <param name="isStream">Asks for a stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="proxy">What stands in front of the server; null for nothing.</param>
    public async Task<HttpResponseMessage> AskAsync(
        ApiDialect dialect, string script, bool isStream, CancellationToken cancellationToken, Uri? proxy = null)
    {
        using var request = dialect.ToRequest(this, script, isStream);
        request.RequestUri = proxy is null ? request.RequestUri : new Uri(proxy, request.RequestUri!.PathAndQuery);
        var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return answer.EnsureSuccessStatusCode();
    }

    /// <summary>Asks in a dialect, and reads the answer to its end.</summary>
    public async Task ReadAsync(
        ApiDialect dialect, string script, bool isStream, byte[] buffer, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(dialect, script, isStream, cancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        while (await body.ReadAsync(buffer, cancellationToken) > 0)
        {
            // Only the arriving counts.
        }

        if (dialect.IsGrpc && answer.TrailingHeaders.GetValues("grpc-status").Single() != "0")
        {
            throw new InvalidOperationException("The call was refused.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<long[]> AskAsync(string command, CancellationToken cancellationToken)
    {
        await _process.WriteAsync(command, cancellationToken);
        var line = await _process.ReadAsync(cancellationToken);
        return [.. line.Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
    }
}
