using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.Benchmarks.Engine;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>The product over a directory of models, spoken to as any client does.</summary>
internal sealed class StoreHost : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _client;

    private StoreHost(ChildProcess process, HttpClient client, string directory) =>
        (_process, _client, Directory) = (process, client, directory);

    /// <summary>The directory of its models.</summary>
    public string Directory { get; }

    /// <summary>Where it listens, with a slash at the end.</summary>
    public Uri Address => _client.BaseAddress!;

    /// <summary>Processor time that it has taken so far.</summary>
    public TimeSpan ProcessorTime => CpuTime.Of(_process.Id);

    /// <summary>Starts the host on a free port and returns when it listens.</summary>
    public static async Task<StoreHost> StartAsync(string directory, CancellationToken cancellationToken)
    {
        var process = ChildProcess.Start("Ollama.Platform.Host.dll", [], new Dictionary<string, string>
        {
            ["OLLAMA_HOST"] = "127.0.0.1:0",
            ["OLLAMA_MODELS"] = directory,
            ["OLLAMA_SHIPPED_MODELS"] = "0",
        });
        return new StoreHost(
            process,
            new HttpClient(new SocketsHttpHandler())
            {
                BaseAddress = await process.ReadAddressAsync(cancellationToken),
                Timeout = Timeout.InfiniteTimeSpan,
            },
            directory);
    }

    /// <summary>Reads an answer to its end.</summary>
    public async Task GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(path, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Sends a body and reads the answer to its end.</summary>
    public async Task SendAsync(HttpMethod method, string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var response = await _client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }
}
