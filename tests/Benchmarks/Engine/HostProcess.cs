using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>The product as a user starts it, with a client that reads its stream.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Announcement = "listens on ";
    private readonly ChildProcess _process;
    private readonly HttpClient _client;

    private HostProcess(ChildProcess process, HttpClient client) => (_process, _client) = (process, client);

    /// <summary>Starts the host on a free port and returns when it listens.</summary>
    public static async Task<HostProcess> StartAsync(string modelsDirectory, int threadCount)
    {
        var process = ChildProcess.Start("Ollama.Platform.Host.dll", [], new Dictionary<string, string>
        {
            ["OLLAMA_HOST"] = "127.0.0.1:0",
            ["OLLAMA_MODELS"] = modelsDirectory,
            ["OLLAMA_KEEP_ALIVE"] = "-1",
            ["OLLAMA_SHIPPED_MODELS"] = "0",
            ["DOTNET_PROCESSOR_COUNT"] = (threadCount + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        while (await process.Output.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(Announcement, StringComparison.Ordinal) is >= 0 and var start)
            {
                var address = line[(start + Announcement.Length)..].TrimEnd('.');
                _ = Task.Run(process.Output.ReadToEndAsync);
                return new HostProcess(process, new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(address) });
            }
        }

        throw new InvalidOperationException("The host ended before it listened.");
    }

    /// <summary>
    /// Streams completions of a raw prompt from several clients at once and measures the server alone.
    /// </summary>
    public async Task<RunReading> RunAsync(GenerationCase work)
    {
        var cpu = CpuTime.Of(_process.Id);
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(
            Enumerable.Range(0, work.StreamCount).Select(_ => GenerateAsync(work)));
        return new RunReading(counts.Sum(), CpuTime.Of(_process.Id) - cpu, clock.Elapsed);
    }

    /// <summary>From the request to the first line of its stream.</summary>
    public async Task<TimeSpan> FirstTokenAsync(GenerationCase work)
    {
        var clock = Stopwatch.StartNew();
        using var response = await PostAsync(work with { TokensMax = 1 });
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        await lines.ReadLineAsync();
        var elapsed = clock.Elapsed;
        await lines.ReadToEndAsync();
        return elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<int> GenerateAsync(GenerationCase work)
    {
        using var response = await PostAsync(work);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var last = "";
        while (await lines.ReadLineAsync() is { } line)
        {
            last = line;
        }

        return JsonDocument.Parse(last).RootElement.GetProperty("eval_count").GetInt32();
    }

    private async Task<HttpResponseMessage> PostAsync(GenerationCase work)
    {
        var body = new JsonObject
        {
            ["model"] = BenchmarkStore.ModelName,
            ["prompt"] = work.Prompt,
            ["raw"] = true,
            ["options"] = new JsonObject
            {
                ["num_predict"] = work.TokensMax,
                ["num_ctx"] = work.ContextTokens,
                ["num_thread"] = work.ThreadCount,
                ["seed"] = 1,
            },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/generate") { Content = JsonContent.Create(body) };
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.EnsureSuccessStatusCode();
    }
}

/// <summary>What is generated in a run.</summary>
internal sealed record GenerationCase(string Prompt, int StreamCount, int TokensMax, int ContextTokens, int ThreadCount);
