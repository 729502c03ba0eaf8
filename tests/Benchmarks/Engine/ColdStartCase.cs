using System.Diagnostics;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>From the start of a process to its first token, with the model's file in the page cache.</summary>
internal static class ColdStartCase
{
    private const int PromptTokens = 8;

    /// <summary>Measures how long it takes to listen, and to the first token.</summary>
    public static async Task<IReadOnlyList<CaseResult>> MeasureAsync(
        BenchmarkStore store, EngineOptions options, CancellationToken cancellationToken)
    {
        var listening = new List<double>();
        var pairs = await Sides.PairAsync(
            options.PairCount,
            async _ =>
            {
                var times = await StartAsync(
                    options.Product.StartAsync, preloads: false, store, options, cancellationToken);
                listening.Add(times.Listening);
                return times.FirstToken;
            },
            async _ =>
            {
                var clock = Stopwatch.StartNew();
                await using var raw = await RawProcess.StartAsync(store, options.ThreadCount, cancellationToken);
                await raw.GenerateAsync(tokensMax: 1, Prompts.Make(PromptTokens, number: 0), cancellationToken);
                return clock.Elapsed.TotalMilliseconds;
            });
        return
        [
            CaseResult.Alone("start to listening", store, options, "ms", listening),
            CaseResult.Of("start to first token", store, options, "ms", "raw loop", pairs),
        ];
    }

    /// <summary>
    /// Measures the time to the first token beside the peer's: where the first request names the model, and where ours
    /// is told of it at its start, as the peer is.
    /// </summary>
    public static async Task<IReadOnlyList<CaseResult>> MeasureAsync(
        BenchmarkStore store, Peer peer, EngineOptions options, CancellationToken cancellationToken) =>
    [
        await MeasureAsync("start to first token", preloads: false, store, peer, options, cancellationToken),
        await MeasureAsync("start to first token, preloaded", preloads: true, store, peer, options, cancellationToken),
    ];

    private static async Task<CaseResult> MeasureAsync(
        string name, bool preloads, BenchmarkStore store, Peer peer, EngineOptions options,
        CancellationToken cancellationToken)
    {
        var pairs = await Sides.PairAsync(
            options.PairCount,
            async _ => (await StartAsync(
                options.Product.StartAsync, preloads, store, options, cancellationToken)).FirstToken,
            async _ => (await StartAsync(
                peer.StartAsync, preloads, store, options, cancellationToken)).FirstToken);
        return CaseResult.Of(name, store, options, "ms", peer.Name, pairs);
    }

    private static async Task<(double Listening, double FirstToken)> StartAsync(
        Func<BenchmarkStore, ServerSetup, CancellationToken, Task<IServer>> start,
        bool preloads,
        BenchmarkStore store,
        EngineOptions options,
        CancellationToken cancellationToken)
    {
        // As many slots on both sides: each is a cache that has to be cleared.
        var setup = new ServerSetup { SlotCount = 1, ThreadCount = options.ThreadCount, Preloads = preloads };
        var clock = Stopwatch.StartNew();
        await using var server = await start(store, setup, cancellationToken);
        var listening = clock.Elapsed.TotalMilliseconds;
        await Gauge.FirstTokenAsync(server, Prompts.Make(PromptTokens, number: 0), cancellationToken);
        return (listening, clock.Elapsed.TotalMilliseconds);
    }
}
