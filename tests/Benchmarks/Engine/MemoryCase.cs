using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Anonymous memory of a server that has answered one request: what loading took beside the weights.</summary>
internal static class MemoryCase
{
    private const int PromptTokens = 8;
    private const double BytesPerMebibyte = 1024 * 1024;

    public static async Task<CaseResult> MeasureAsync(
        BenchmarkStore store, Peer peer, EngineOptions options, CancellationToken cancellationToken)
    {
        // Memory hardly differs from start to start.
        var pairs = await Sides.PairAsync(
            pairCount: 1,
            _ => MeasureAsync(Product.StartAsync, store, options, cancellationToken),
            _ => MeasureAsync(peer.StartAsync, store, options, cancellationToken));
        return CaseResult.Of("anonymous memory after a request", store, options, "MiB", peer.Name, pairs);
    }

    private static async Task<double> MeasureAsync(
        Func<BenchmarkStore, ServerSetup, CancellationToken, Task<IServer>> start,
        BenchmarkStore store,
        EngineOptions options,
        CancellationToken cancellationToken)
    {
        var setup = new ServerSetup { ThreadCount = options.ThreadCount, SlotCount = 4 };
        await using var server = await start(store, setup, cancellationToken);
        await Gauge.FirstTokenAsync(server, Prompts.Make(PromptTokens, number: 0), cancellationToken);
        return AnonymousMemory.Of(server.ProcessId) / BytesPerMebibyte;
    }
}
