using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>The product and the raw loop, both running with the same model.</summary>
internal sealed class Sides : IAsyncDisposable
{
    private Sides(BenchmarkStore store, IServer host, RawProcess raw) => (Store, Host, Raw) = (store, host, raw);

    public BenchmarkStore Store { get; }

    public IServer Host { get; }

    public RawProcess Raw { get; }

    /// <summary>Starts both and lets each compute once, so that neither is measured while it loads.</summary>
    public static async Task<Sides> StartAsync(
        BenchmarkStore store, EngineOptions options, CancellationToken cancellationToken)
    {
        var host = await options.Product.StartAsync(
            store, new ServerSetup { ThreadCount = options.ThreadCount }, cancellationToken);
        RawProcess? raw = null;
        try
        {
            raw = await RawProcess.StartAsync(store, options.ThreadCount, cancellationToken);
            var prompt = Prompts.Make(length: 8, number: 0);
            await Gauge.FirstTokenAsync(host, prompt, cancellationToken);
            await raw.GenerateAsync(tokensMax: 1, prompt, cancellationToken);
            return new Sides(store, host, raw);
        }
        catch
        {
            // A child left behind would disturb whatever is measured next.
            await host.DisposeAsync();
            await (raw?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <summary>Measures in turn, ours first: what disturbs the machine for long then disturbs both.</summary>
    /// <param name="pairCount">How often.</param>
    /// <param name="ours">A run of the product; gets the number of the pair.</param>
    /// <param name="reference">A run of the raw loop.</param>
    public static async Task<IReadOnlyList<(double Ours, double Reference)>> PairAsync(
        int pairCount, Func<int, Task<double>> ours, Func<int, Task<double>> reference)
    {
        var pairs = new List<(double, double)>();
        for (var number = 1; number <= pairCount; number++)
        {
            pairs.Add((await ours(number), await reference(number)));
        }

        return pairs;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Raw.DisposeAsync();
    }
}
