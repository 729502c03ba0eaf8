using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>One stream on the clock while two other programs are busy.</summary>
internal static class ContentionCase
{
    private const int BusyCount = 2;
    private const int PromptTokens = 8;

    public static async Task<CaseResult> MeasureAsync(
        BenchmarkStore store, Peer peer, EngineOptions options, CancellationToken cancellationToken)
    {
        var setup = new ServerSetup { ThreadCount = options.ThreadCount };
        await using var sides = await PeerSides.StartAsync(
            store, peer, options.Product, setup, cancellationToken);
        var busy = Enumerable.Range(0, BusyCount).Select(_ => BusyCommand.Start()).ToArray();
        try
        {
            var request = new StreamRequest(Prompts.Make(PromptTokens, number: 1), options.TokenCount);
            var pairs = await sides.PairAsync(options.PairCount, async (server, _) =>
            {
                var reading = await Gauge.StreamAsync(server, request, cancellationToken);
                return reading.TokenCount / reading.Wall.TotalSeconds;
            });
            return CaseResult.Of("decode, 2 foreign busy processes", store, options, "token/s", peer.Name, pairs);
        }
        finally
        {
            foreach (var process in busy)
            {
                await process.DisposeAsync();
            }
        }
    }
}
