using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>
/// Many requests a second, each sent when its time has come, whether or not earlier ones are answered. A request counts
/// from then on, so that what waits in the client counts, too.
/// </summary>
internal static class LoadCase
{
    private const int RequestsPerSecond = 1000;
    private const double MillisecondsMax = 5;
    private const string Script = "8";

    public static async Task<IReadOnlyList<ApiResult>> MeasureAsync(
        ScriptedServer server, ApiDialect dialect, ApiOptions options, CancellationToken cancellationToken)
    {
        await RunAsync(server, dialect, options.LoadSeconds * RequestsPerSecond / 4, cancellationToken);
        var clock = Stopwatch.StartNew();
        var times = await RunAsync(server, dialect, options.LoadSeconds * RequestsPerSecond, cancellationToken);
        var rate = times.Length / clock.Elapsed.TotalSeconds;
        Array.Sort(times);
        return
        [
            new ApiResult($"{dialect.Name}: requests a second reached", "1/s", rate, null),
            new ApiResult($"{dialect.Name}: request at 1,000/s, p50", "ms", times[times.Length / 2], null),
            new ApiResult(
                $"{dialect.Name}: request at 1,000/s, p99", "ms", times[times.Length * 99 / 100], MillisecondsMax),
        ];
    }

    private static async Task<double[]> RunAsync(
        ScriptedServer server, ApiDialect dialect, int count, CancellationToken cancellationToken)
    {
        var times = new ConcurrentBag<double>();
        var running = new List<Task>(count);
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (running.Count < count && await timer.WaitForNextTickAsync(cancellationToken))
        {
            var due = Math.Min(count, (int)(clock.Elapsed.TotalSeconds * RequestsPerSecond));
            while (running.Count < due)
            {
                var at = TimeSpan.FromSeconds((double)running.Count / RequestsPerSecond);
                running.Add(AskAsync(at));
            }
        }

        await Task.WhenAll(running);
        return [.. times];

        async Task AskAsync(TimeSpan at)
        {
            using var answer = await server.AskAsync(dialect, Script, isStream: false, cancellationToken);
            await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            times.Add((clock.Elapsed - at).TotalMilliseconds);
        }
    }
}
