using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>The product as a user starts it, with a client that reads its stream.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _client;
    private readonly string _modelName;
    private readonly int _threadCount;

    private HostProcess(ChildProcess process, HttpClient client, string modelName, int threadCount)
    {
        _process = process;
        _client = client;
        _modelName = modelName;
        _threadCount = threadCount;
    }

    /// <summary>Starts the host on a free port and returns when it listens.</summary>
    public static async Task<HostProcess> StartAsync(
        BenchmarkStore store, int threadCount, CancellationToken cancellationToken)
    {
        var process = ChildProcess.Start("Ollama.Platform.Host.dll", [], new Dictionary<string, string>
        {
            ["OLLAMA_HOST"] = "127.0.0.1:0",
            ["OLLAMA_MODELS"] = store.Directory,
            ["OLLAMA_KEEP_ALIVE"] = "-1",
            ["OLLAMA_SHIPPED_MODELS"] = "0",
        });
        var client = new HttpClient(new SocketsHttpHandler())
        {
            BaseAddress = await process.ReadAddressAsync(cancellationToken),
        };
        return new HostProcess(process, client, store.ModelName, threadCount);
    }

    /// <summary>Streams the continuation of a raw prompt; the reading is the server's alone.</summary>
    public async Task<RunReading> GenerateAsync(int tokensMax, string prompt, CancellationToken cancellationToken)
    {
        var cpu = CpuTime.Of(_process.Id);
        var clock = Stopwatch.StartNew();
        using var response = await PostAsync(tokensMax, prompt, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var last = "";
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            last = line;
        }

        using var statistics = JsonDocument.Parse(last);
        return new RunReading(
            statistics.RootElement.GetProperty("eval_count").GetInt32(),
            CpuTime.Of(_process.Id) - cpu,
            clock.Elapsed);
    }

    /// <summary>From the request to the first line of its stream.</summary>
    public async Task<TimeSpan> FirstTokenAsync(string prompt, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var response = await PostAsync(tokensMax: 1, prompt, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        await lines.ReadLineAsync(cancellationToken);
        var elapsed = clock.Elapsed;
        await lines.ReadToEndAsync(cancellationToken);
        return elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<HttpResponseMessage> PostAsync(int tokensMax, string prompt, CancellationToken cancellationToken)
    {
        // Nothing about sampling but the seed: the defaults are what users get.
        var body = new JsonObject
        {
            ["model"] = _modelName,
            ["prompt"] = prompt,
            ["raw"] = true,
            ["options"] = new JsonObject
            {
                ["num_predict"] = tokensMax,
                ["num_ctx"] = RawLoop.ContextTokens,
                ["num_thread"] = _threadCount,
                ["seed"] = RawLoop.Seed,
            },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/generate")
        {
            Content = JsonContent.Create(body),
        };
        var response = await _client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.EnsureSuccessStatusCode();
    }
}
