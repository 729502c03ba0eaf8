using System.Globalization;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Vectors of short texts, in texts a second of processor time, beside the peer.</summary>
internal static class EmbeddingsCase
{
    private const int TextTokens = 62;
    private const int TextCount = 32;
    private const int ContextTokens = 512;

    /// <summary>Measures one client with many texts, and many clients with one.</summary>
    public static async Task<IReadOnlyList<CaseResult>> MeasureAsync(
        BenchmarkStore store, Peer peer, EngineOptions options, CancellationToken cancellationToken)
    {
        var setup = new ServerSetup
        {
            SlotCount = TextCount,
            ContextTokens = ContextTokens,
            ThreadCount = options.ThreadCount,
            Embeds = true,
        };
        await using var sides = await PeerSides.StartAsync(
            store, peer, options.Product, setup, cancellationToken);
        var bulk = await sides.PairAsync(options.PairCount, (server, number) =>
            MeasureAsync(server, texts => server.EmbedAsync(texts, cancellationToken), number));
        var single = await sides.PairAsync(options.PairCount, (server, number) => MeasureAsync(
            server,
            texts => Task.WhenAll(texts.Select(text => server.EmbedAsync([text], cancellationToken))),
            number + options.PairCount));
        return
        [
            Result(string.Create(CultureInfo.InvariantCulture, $"embeddings, 1 client, {TextCount} texts"), bulk),
            Result(string.Create(CultureInfo.InvariantCulture, $"embeddings, {TextCount} clients, 1 text"), single),
        ];

        CaseResult Result(string name, IReadOnlyList<(double, double)> pairs) =>
            CaseResult.Of(name, store, options, "text/CPU-s", peer.Name, pairs);
    }

    private static async Task<double> MeasureAsync(
        IServer server, Func<IReadOnlyList<string>, Task> embed, int number)
    {
        var texts = Enumerable.Range(0, TextCount)
            .Select(text => Prompts.MakeWords(TextTokens, (number * TextCount) + text))
            .ToArray();
        var cpu = CpuTime.Of(server.ProcessId);
        await embed(texts);
        return TextCount / (CpuTime.Of(server.ProcessId) - cpu).TotalSeconds;
    }
}
