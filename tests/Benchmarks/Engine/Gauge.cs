using System.Diagnostics;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Runs streams on a server and reads what they cost it.</summary>
internal static class Gauge
{
    /// <summary>One stream.</summary>
    public static Task<RunReading> StreamAsync(
        IServer server, StreamRequest request, CancellationToken cancellationToken) =>
        StreamsAsync(server, [request], cancellationToken);

    /// <summary>Streams side by side.</summary>
    public static async Task<RunReading> StreamsAsync(
        IServer server, IReadOnlyList<StreamRequest> requests, CancellationToken cancellationToken)
    {
        var cpu = CpuTime.Of(server.ProcessId);
        var clock = Stopwatch.StartNew();
        var readings = await Task.WhenAll(requests.Select(request => server.StreamAsync(request, cancellationToken)));
        return new RunReading(
            readings.Sum(reading => reading.TokenCount), CpuTime.Of(server.ProcessId) - cpu, clock.Elapsed);
    }

    /// <summary>From the request to the first piece of its stream.</summary>
    public static async Task<TimeSpan> FirstTokenAsync(
        IServer server, string prompt, CancellationToken cancellationToken) =>
        (await server.StreamAsync(new StreamRequest(prompt, TokensMax: 1), cancellationToken)).First;
}
