using System.Globalization;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>From an unknown prompt to its first token, beside the peer, with nobody else there.</summary>
internal static class PeerFirstTokenCase
{
    public static async Task<CaseResult> MeasureAsync(
        BenchmarkStore store, Peer peer, EngineOptions options, int promptTokens, CancellationToken cancellationToken)
    {
        var setup = new ServerSetup { ThreadCount = options.ThreadCount };
        await using var sides = await PeerSides.StartAsync(
            store, peer, options.Product, setup, cancellationToken);
        var pairs = await sides.PairAsync(options.PairCount, async (server, number) =>
            (await Gauge.FirstTokenAsync(server, Prompts.Make(promptTokens, number + 1), cancellationToken))
                .TotalMilliseconds);
        return CaseResult.Of(
            string.Create(CultureInfo.InvariantCulture, $"first token, prompt of {promptTokens}"),
            store,
            options,
            "ms",
            peer.Name,
            pairs);
    }
}
