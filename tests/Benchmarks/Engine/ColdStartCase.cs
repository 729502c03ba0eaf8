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
                var clock = Stopwatch.StartNew();
                await using var host = await HostProcess.StartAsync(store, options.ThreadCount, cancellationToken);
                listening.Add(clock.Elapsed.TotalMilliseconds);
                await host.FirstTokenAsync(Prompts.Make(PromptTokens, number: 0), cancellationToken);
                return clock.Elapsed.TotalMilliseconds;
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
}
