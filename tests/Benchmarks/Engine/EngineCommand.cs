using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Measures every case, one model after the other, and prints each result as it comes.</summary>
internal sealed class EngineCommand(EngineOptions options)
{
    private const int ShortPromptTokens = 16;
    private const int LongPromptTokens = 512;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var store in await OpenStoresAsync(cancellationToken))
        {
            Print(AllocationCase.Measure(store, options));
            await using (var sides = await Sides.StartAsync(store, options.ThreadCount, cancellationToken))
            {
                Print(await DecodeCase.MeasureAsync("decode, 1 stream", sides, options, cancellationToken));
                Print(await FirstTokenCase.MeasureAsync(sides, options, ShortPromptTokens, cancellationToken));
                Print(await FirstTokenCase.MeasureAsync(sides, options, LongPromptTokens, cancellationToken));
                Print(await PrefixCase.MeasureAsync(sides, options, cancellationToken));

                // The prompts of the cases above still lie in the cache, which attention has to step over.
                Print(await DecodeCase.MeasureAsync(
                    "decode, 1 stream, cache full of idle prompts", sides, options, cancellationToken));
            }

            foreach (var result in await ColdStartCase.MeasureAsync(store, options, cancellationToken))
            {
                Print(result);
            }
        }
    }

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

    private void Print(CaseResult result) => Terminal.Write(options.Json ? result.ToJson() : result.ToText());
}
