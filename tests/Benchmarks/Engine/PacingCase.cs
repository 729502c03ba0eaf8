using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>How long running streams wait for their next token while long prompts arrive.</summary>
internal static class PacingCase
{
    private const int StreamCount = 4;
    private const int LongPromptCount = 2;
    private const int LongPromptTokens = 2048;
    private const int ContextTokens = 4096;
    private const int ShortPromptTokens = 8;
    private const double Percentile = 0.99;

    public static async Task<CaseResult> MeasureAsync(
        BenchmarkStore store, Peer peer, EngineOptions options, CancellationToken cancellationToken)
    {
        var setup = new ServerSetup
        {
            SlotCount = StreamCount + 1,
            ContextTokens = ContextTokens,
            ThreadCount = options.ThreadCount,
        };
        await using var sides = await PeerSides.StartAsync(
            store, peer, options.Product, setup, cancellationToken);
        var pairs = await sides.PairAsync(
            options.PairCount, (server, number) => MeasureAsync(server, number, cancellationToken));
        return CaseResult.Of(
            "inter-token p99 of 4 streams while 2k prompts arrive", store, options, "ms", peer.Name, pairs);
    }

    private static async Task<double> MeasureAsync(IServer server, int number, CancellationToken cancellationToken)
    {
        // They run until the prompts are through; how many tokens that are differs from server to server.
        using var over = new CancellationTokenSource();
        var streams = Enumerable.Range(1, StreamCount)
            .Select(stream => new StreamRequest(Prompts.Make(ShortPromptTokens, stream), ContextTokens / 2)
            {
                Leaving = over.Token,
            })
            .Select(request => server.StreamAsync(request, cancellationToken))
            .ToArray();
        for (var prompt = 1; prompt <= LongPromptCount; prompt++)
        {
            await Gauge.FirstTokenAsync(
                server, Prompts.Make(LongPromptTokens, (number * LongPromptCount) + prompt + 100), cancellationToken);
        }

        await over.CancelAsync();
        var gaps = (await Task.WhenAll(streams)).SelectMany(stream => stream.Gaps).Order().ToArray();
        return gaps[(int)(Percentile * (gaps.Length - 1))].TotalMilliseconds;
    }
}
