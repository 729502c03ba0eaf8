using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Olla.Traffic;
using Ollama.Platform.Api.Olla.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Olla.Status;

/// <summary><c>GET /version</c> and <c>GET /internal/process</c>: the program and what it takes.</summary>
internal sealed class ServerRoute(TrafficCounters counters, IOptions<ApiOptions> options)
{
    private const string Name = "Ollama.Platform";
    private const double Mega = 1024 * 1024;

    /// <summary>Says which program this is.</summary>
    public Task HandleVersionAsync(ApiRequest request) => request.ReplyAsync(
        new VersionWire(
            Name, options.Value.Version,
            new BuildWire(options.Value.Version, options.Value.Commit, RuntimeInformation.FrameworkDescription)),
        OllaJson.Default.VersionWire);

    /// <summary>Says what the process takes.</summary>
    public Task HandleProcessAsync(ApiRequest request)
    {
        var traffic = counters.Read();
        request.Context.Response.Headers.CacheControl = "no-store";
        return request.ReplyAsync(
            new ProcessWire(
                Environment.ProcessId,
                WireTime.Utc(counters.StartedAt),
                (long)counters.Uptime.TotalSeconds,
                new MemoryWire(
                    ToMega(GC.GetTotalMemory(forceFullCollection: false)),
                    ToMega(GC.GetTotalAllocatedBytes()),
                    ToMega(Environment.WorkingSet),
                    GC.CollectionCount(0),
                    Math.Round(GC.GetTotalPauseDuration().TotalMilliseconds, 1)),
                new CpuWire(ThreadPool.ThreadCount, Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds, 2)),
                new ConnectionsWire(traffic.ActiveCount, traffic.RequestCount),
                new RuntimeWire(
                    RuntimeInformation.FrameworkDescription, Os(),
                    RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
                    Environment.ProcessorCount)),
            OllaJson.Default.ProcessWire);
    }

    private static string Os() =>
        OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : "windows";

    private static double ToMega(long bytes) => Math.Round(bytes / Mega, 1);
}
