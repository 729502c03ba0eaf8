using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>The product and a peer, both running with the same model and set up alike.</summary>
internal sealed class PeerSides : IAsyncDisposable
{
    // As many as the compiler takes notice of: it translates again what is called often.
    private const int WarmUpCount = 5;
    private const int WarmUpTokens = 32;

    // The threads of a llama-server wait awake for more work for a tenth of a second, with some processors three times
    // as long: whoever is measured next would share the machine with them.
    private static readonly TimeSpan RestTime = TimeSpan.FromMilliseconds(500);

    private PeerSides(BenchmarkStore store, IServer ours, IServer theirs) =>
        (Store, Ours, Theirs) = (store, ours, theirs);

    public BenchmarkStore Store { get; }

    public IServer Ours { get; }

    public IServer Theirs { get; }

    /// <summary>Starts both and lets each compute: neither is measured while it loads or compiles.</summary>
    public static async Task<PeerSides> StartAsync(
        BenchmarkStore store,
        Peer peer,
        Product product,
        ServerSetup setup,
        CancellationToken cancellationToken)
    {
        var ours = await product.StartAsync(store, setup, cancellationToken);
        IServer? theirs = null;
        try
        {
            theirs = await peer.StartAsync(store, setup, cancellationToken);
            await WarmUpAsync(ours, setup, cancellationToken);
            await WarmUpAsync(theirs, setup, cancellationToken);
            return new PeerSides(store, ours, theirs);
        }
        catch
        {
            // A child left behind would disturb whatever is measured next.
            await ours.DisposeAsync();
            await (theirs?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <summary>Measures both in turn, after one run that nobody counts.</summary>
    public async Task<IReadOnlyList<(double Ours, double Reference)>> PairAsync(
        int pairCount, Func<IServer, int, Task<double>> run)
    {
        await Sides.PairAsync(pairCount: 1, _ => run(Ours, 0), _ => run(Theirs, 0));
        return await Sides.PairAsync(
            pairCount, number => AfterRestAsync(Ours, number), number => AfterRestAsync(Theirs, number));

        async Task<double> AfterRestAsync(IServer server, int number)
        {
            await Task.Delay(RestTime, TimeProvider.System);
            return await run(server, number);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ours.DisposeAsync();
        await Theirs.DisposeAsync();
    }

    private static async Task WarmUpAsync(IServer server, ServerSetup setup, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= WarmUpCount; number++)
        {
            await (setup.Embeds
                ? server.EmbedAsync([Prompts.MakeWords(count: 8, number)], cancellationToken)
                : server.StreamAsync(
                    new StreamRequest(Prompts.Make(length: 8, number: 0), WarmUpTokens), cancellationToken));
        }
    }
}
