using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Anonymous memory of a server that has answered one request: what loading took beside the weights.</summary>
internal static class MemoryCase
{
    private const int PromptTokens = 8;
    private const double BytesPerMebibyte = 1024 * 1024;

    // What a start still does behind its listening is no part of a load.
    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Measures what loading a model added to a server that ran without one, and the whole process. The peer never
    /// runs without a model: it stands with the whole of its memory in both, of which little is its own.
    /// </summary>
    public static async Task<IReadOnlyList<CaseResult>> MeasureAsync(
        BenchmarkStore store, Peer peer, EngineOptions options, CancellationToken cancellationToken)
    {
        var ours = await MeasureAsync(options.Product.StartAsync, store, options, cancellationToken);
        var theirs = await MeasureAsync(peer.StartAsync, store, options, cancellationToken);
        return
        [
            Result("anonymous memory added by loading", ours.After - ours.Before, theirs.After),
            Result("anonymous memory after a request", ours.After, theirs.After),
        ];

        // Memory hardly differs from start to start: one pair says it.
        CaseResult Result(string name, double added, double reference) =>
            CaseResult.Of(name, store, options, "MiB", peer.Name, [(added, reference)]);
    }

    private static async Task<(double Before, double After)> MeasureAsync(
        Func<BenchmarkStore, ServerSetup, CancellationToken, Task<IServer>> start,
        BenchmarkStore store,
        EngineOptions options,
        CancellationToken cancellationToken)
    {
        var setup = new ServerSetup { ThreadCount = options.ThreadCount, SlotCount = 4 };
        await using var server = await start(store, setup, cancellationToken);
        await Task.Delay(RestTime, TimeProvider.System, cancellationToken);
        var before = Mebibytes(server);
        await Gauge.FirstTokenAsync(server, Prompts.Make(PromptTokens, number: 0), cancellationToken);
        return (before, Mebibytes(server));
    }

    private static double Mebibytes(IServer server) => AnonymousMemory.Of(server.ProcessId) / BytesPerMebibyte;
}
