using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>
/// What the product is compared with: a llama-server that is started for each case with the flags that the case is
/// about, or an address on this machine where a llama-server or an Ollama runs with the flags that it has.
/// </summary>
internal sealed class Peer
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly string? _program;
    private readonly Uri? _address;

    private Peer(string? program, Uri? address) => (_program, _address) = (program, address);

    /// <summary>It is started for each case, so that starting it can be measured, too.</summary>
    public bool IsStarted => _program is not null;

    /// <summary>What the results call it.</summary>
    public string Name => _program is null ? _address!.Authority : Path.GetFileName(_program);

    /// <summary>Reads the option: a URL, or the path of a llama-server; null for neither.</summary>
    public static Peer? TryParse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp
            ? new Peer(null, address)
            : File.Exists(text) ? new Peer(Path.GetFullPath(text), null) : null;

    /// <summary>Starts it, or reaches it where it runs; returns when it is ready.</summary>
    public async Task<IServer> StartAsync(
        BenchmarkStore store, ServerSetup setup, CancellationToken cancellationToken)
    {
        if (_address is not null)
        {
            var processId = PortOwner.Find(_address.Port)
                ?? throw new InvalidOperationException($"Nothing on this machine listens on {_address}.");
            var client = new ServerClient(_address, isPeer: true);
            return await client.AnswersAsync("/api/version", cancellationToken)
                ? new OllamaServer(client, processId, store.ModelName, setup)
                : new LlamaServer(client, processId);
        }

        return await StartProgramAsync(store, setup, cancellationToken);
    }

    private async Task<IServer> StartProgramAsync(
        BenchmarkStore store, ServerSetup setup, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var process = ChildProcess.StartQuietly(_program!, Arguments(store, setup, port));
        var client = new ServerClient(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")), isPeer: true);
        var server = new StartedServer(process, new LlamaServer(client, process.Id));
        while (!await client.AnswersAsync("/health", cancellationToken))
        {
            if (process.HasExited)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException($"{_program} has ended.");
            }

            // It says in no other way that it is ready.
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }

        return server;
    }

    private static string[] Arguments(BenchmarkStore store, ServerSetup setup, int port)
    {
        var slotCount = setup.SlotCount ?? 1;
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "--model", store.WeightsPath, "--host", "127.0.0.1", "--port", Text(port), "--threads",
            Text(setup.ThreadCount), "--parallel", Text(slotCount), "--ctx-size",
            Text(setup.ContextTokens * slotCount),
        ];
        return
        [
            .. arguments,
            .. setup.PeerIsUnified ? ["--kv-unified"] : Array.Empty<string>(),
            .. setup.Embeds ? ["--embeddings"] : Array.Empty<string>(),
        ];
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
