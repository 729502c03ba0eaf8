using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Measures every case, one model after the other, and prints each result as it comes.</summary>
internal sealed class EngineCommand(EngineOptions options)
{
    private const int ShortPromptTokens = 16;
    private const int LongPromptTokens = 512;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Groups.Contains(EngineOptions.GpuGroup))
        {
            // Minutes on a GPU, hours without one: never a part of everything.
            await OnGpuAsync(options.Peer!, cancellationToken);
            return;
        }

        foreach (var store in await OpenStoresAsync(cancellationToken))
        {
            await BesideRawLoopAsync(store, cancellationToken);
            if (options.Peer is { } peer)
            {
                await BesidePeerAsync(store, peer, cancellationToken);
            }
        }

        if (options.Peer is { IsStarted: true } program && !options.Short && Wants("embeddings"))
        {
            var encoder = await ModelCache.OpenAsync(
                new ModelVariant(ModelShape.Encoder, QuantizationType.Q8_0), cancellationToken);
            Print(await EmbeddingsCase.MeasureAsync(encoder, program, options, cancellationToken));
        }
    }

    private async Task BesideRawLoopAsync(BenchmarkStore store, CancellationToken cancellationToken)
    {
        if (Wants("raw"))
        {
            Print([AllocationCase.Measure(store, options)]);
            await using var sides = await Sides.StartAsync(store, options, cancellationToken);
            Print([await DecodeCase.MeasureAsync("decode, 1 stream", sides, options, cancellationToken)]);
            Print([await FirstTokenCase.MeasureAsync(sides, options, ShortPromptTokens, cancellationToken)]);
            Print([await FirstTokenCase.MeasureAsync(sides, options, LongPromptTokens, cancellationToken)]);
            Print([await PrefixCase.MeasureAsync(sides, options, cancellationToken)]);

            // The prompts of the cases above still lie in the cache, which attention has to step over.
            Print(
            [
                await DecodeCase.MeasureAsync(
                    "decode, 1 stream, cache full of idle prompts", sides, options, cancellationToken),
            ]);
        }

        if (Wants("cold"))
        {
            Print(await ColdStartCase.MeasureAsync(store, options, cancellationToken));
        }
    }

    private async Task BesidePeerAsync(BenchmarkStore store, Peer peer, CancellationToken cancellationToken)
    {
        if (Wants("streams"))
        {
            foreach (var streams in StreamsCase.All(peer.IsStarted))
            {
                Print([await streams.MeasureAsync(store, peer, options, cancellationToken)]);
            }
        }

        if (options.Groups.Contains(EngineOptions.LongGroup))
        {
            foreach (var streams in StreamsCase.AllLong(peer.IsStarted))
            {
                Print([await streams.MeasureAsync(store, peer, options, cancellationToken)]);
            }
        }

        if (Wants("first"))
        {
            Print([await PeerFirstTokenCase.MeasureAsync(
                store, peer, options, LongPromptTokens, cancellationToken)]);
        }

        if (Wants("pacing"))
        {
            Print([await PacingCase.MeasureAsync(store, peer, options, cancellationToken)]);
        }

        if (Wants("contention"))
        {
            Print([await ContentionCase.MeasureAsync(store, peer, options, cancellationToken)]);
        }

        if (peer.IsStarted && Wants("start"))
        {
            Print(await MemoryCase.MeasureAsync(store, peer, options, cancellationToken));
            Print(await ColdStartCase.MeasureAsync(store, peer, options, cancellationToken));
        }
    }

    private async Task OnGpuAsync(Peer peer, CancellationToken cancellationToken)
    {
        var store = await ModelCache.OpenAsync(ModelVariant.Large, cancellationToken);
        foreach (var streams in StreamsCase.AllOnGpu())
        {
            Print([await streams.MeasureAsync(store, peer, options, cancellationToken)]);
        }

        Print([await PeerFirstTokenCase.MeasureAsync(store, peer, options, LongPromptTokens, cancellationToken)]);
        Print(await ColdStartCase.MeasureAsync(store, peer, options, cancellationToken));
    }

    private bool Wants(string group) => options.Groups.Count == 0 || options.Groups.Contains(group);

    private async Task<IReadOnlyList<BenchmarkStore>> OpenStoresAsync(CancellationToken cancellationToken) =>
        options.Short
            ?
            [
                await ModelCache.OpenShippedAsync("tiny-chat", cancellationToken),
                await ModelCache.OpenAsync(
                    new ModelVariant(ModelShape.Small, QuantizationType.Q4_K_M), cancellationToken),
            ]
            :
            [
                await ModelCache.OpenAsync(
                    new ModelVariant(ModelShape.HalfBillion, QuantizationType.Q4_K_M), cancellationToken),
            ];

    private void Print(IEnumerable<CaseResult> results)
    {
        foreach (var result in results)
        {
            Terminal.Write(options.Json ? result.ToJson() : result.ToText());
        }
    }
}
