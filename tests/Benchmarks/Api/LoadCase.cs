using System.Collections.Concurrent;
using System.Diagnostics;
using Ollama.Platform.Benchmarks.Engine;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>
/// Many requests a second, each sent when its time has come, whether or not earlier ones are answered: how long answers
/// take over models that take no time.
/// </summary>
internal sealed class LoadCase(ApiOptions options)
{
    private const int RequestsPerSecond = 1000;
    private const double MillisecondsMax = 5;
    private const string Script = "8";

    private readonly int _count = options.LoadSeconds * RequestsPerSecond;

    /// <summary>A dialect.</summary>
    public async Task<IReadOnlyList<ApiResult>> MeasureAsync(
        ScriptedServer server, ApiDialect dialect, CancellationToken cancellationToken)
    {
        using var client = new SteadyClient(server.Address, dialect.Path, dialect.Body(Script, isStream: false));

        // Until the compiler is at rest.
        await RunAsync(_count / 2);
        var processorTime = await server.ProcessorTimeAsync(cancellationToken);
        var clock = Stopwatch.StartNew();
        var times = await RunAsync(_count);
        var rate = _count / clock.Elapsed.TotalSeconds;
        processorTime = await server.ProcessorTimeAsync(cancellationToken) - processorTime;
        return
        [
            new ApiResult($"{dialect.Name}: requests a second reached", "1/s", rate, null),
            new ApiResult(
                $"{dialect.Name}: processor time of a request", "us", processorTime.TotalMicroseconds / _count, null),
            .. Of(dialect.Name, times, MillisecondsMax),
        ];

        Task<double[]> RunAsync(int count) => dialect.IsGrpc
            ? RunGrpcAsync(server, dialect, count, cancellationToken)
            : LoadCase.RunAsync(client, count, cancellationToken);
    }

    /// <summary>What the same client sees of a server that does nothing.</summary>
    public async Task<IReadOnlyList<ApiResult>> MeasureBareAsync(CancellationToken cancellationToken)
    {
        await using var process = ChildProcess.Start("Ollama.Platform.Benchmarks.dll", [BareCommand.Name]);
        var address = new Uri(await process.ReadAsync(cancellationToken));
        using var client = new SteadyClient(address, "/", ApiDialect.All[0].Body(Script, isStream: false));
        await RunAsync(client, _count / 2, cancellationToken);
        return Of("bare server", await RunAsync(client, _count, cancellationToken), null);
    }

    // It blocks: on a thread of its own, so that the pool has all of its threads.
    private static Task<double[]> RunAsync(SteadyClient client, int count, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => client.Run(count, RequestsPerSecond), cancellationToken, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private static ApiResult[] Of(string name, double[] times, double? aim)
    {
        Array.Sort(times);
        return
        [
            new ApiResult($"{name}: request at 1,000/s, p50", "ms", times[times.Length / 2], null),
            new ApiResult($"{name}: request at 1,000/s, p99", "ms", times[times.Length * 99 / 100], aim),
        ];
    }

    // The framework's client, whose own time counts here.
    private static async Task<double[]> RunGrpcAsync(
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
                running.Add(AskAsync(clock.Elapsed));
            }
        }

        await Task.WhenAll(running);
        return [.. times];

        async Task AskAsync(TimeSpan at)
        {
            await server.ReadAsync(dialect, Script, isStream: false, new byte[1024], cancellationToken);
            times.Add((clock.Elapsed - at).TotalMilliseconds);
        }
    }
}
