using System.Diagnostics;
using Ollama.Platform.Benchmarks.Engine;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>
/// How much later the first byte of a stream comes through nginx than without it. The streams say one word and are then
/// silent: a proxy that waits for more would show none.
/// </summary>
internal static class ProxyCase
{
    private const double MillisecondsMax = 20;
    private const int WarmUpCount = 20;

    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<ApiResult>> MeasureAsync(
        ScriptedServer server, ApiDialect dialect, ApiOptions options, CancellationToken cancellationToken)
    {
        if (dialect.IsGrpc)
        {
            return [];
        }

        await using var proxy = await BareNginx.StartAsync(server.Address, cancellationToken);
        List<double> direct = [], proxied = [];
        for (var pair = -WarmUpCount; pair < options.PairCount; pair++)
        {
            var (without, with) = (
                await ReadAsync(server, dialect, null, cancellationToken),
                await ReadAsync(server, dialect, proxy.Address, cancellationToken));
            if (pair >= 0)
            {
                direct.Add(without.TotalMilliseconds);
                proxied.Add(with.TotalMilliseconds);
            }
        }

        var added = proxied.Zip(direct, (with, without) => with - without).Order().ToList();
        return
        [
            new($"{dialect.Name}: first byte, median of {options.PairCount} streams", "ms", direct.Median(), null),
            Of("median", added.Median()), Of("slowest of 100", added[added.Count * 99 / 100]),
        ];

        ApiResult Of(string kind, double value) =>
            new($"{dialect.Name}: first byte later through nginx, {kind}", "ms", value, MillisecondsMax);
    }

    private static async Task<TimeSpan> ReadAsync(
        ScriptedServer server, ApiDialect dialect, Uri? proxy, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(SilenceMax);
        var clock = Stopwatch.StartNew();
        using var answer = await server.AskAsync(
            dialect, ScriptedRuns.IdleText, isStream: true, patience.Token, proxy);
        await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
        await body.ReadExactlyAsync(new byte[1], patience.Token);
        return clock.Elapsed;
    }
}
