using System.Text;
using Ollama.Platform.Api.Olla.Traffic;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Olla.Status;

/// <summary>The state of the server at one moment, and what Olla's words for it are.</summary>
internal sealed record StateSnapshot
{
    /// <summary>The state of an endpoint that takes requests.</summary>
    public const string Healthy = "healthy";

    private const double DegradedBelow = 0.95;
    private const double CriticalBelow = 0.9;
    private const long SlowMilliseconds = 5000;
    private const long RequestCountTelling = 10;
    private const long ViolationCountElevated = 100;

    /// <summary>The moment.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>When the server started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long ago that was.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>What this server is called.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Version of the product.</summary>
    public required string Version { get; init; }

    /// <summary>The commit that it was built from.</summary>
    public required string Commit { get; init; }

    /// <summary>It takes requests.</summary>
    public required bool IsReady { get; init; }

    /// <summary>All models, latest change first.</summary>
    public required IReadOnlyList<ModelSummary> Models { get; init; }

    /// <summary>What was answered.</summary>
    public required TrafficTotals Traffic { get; init; }

    /// <summary>An id of the endpoint that stays the same.</summary>
    public string EndpointId => StatusTag.Hash(Encoding.UTF8.GetBytes(Endpoint));

    /// <summary>The state of the endpoint.</summary>
    public string EndpointStatus => IsReady ? Healthy : "unhealthy";

    /// <summary>The state of the whole: a server that takes requests and fails them is not healthy.</summary>
    public string SystemStatus => !IsReady || Traffic.SuccessRate < CriticalBelow ? "critical"
        : Traffic.SuccessRate < DegradedBelow ? "degraded"
        : Healthy;

    /// <summary>Refusals of what came too often or was too long.</summary>
    public long ViolationCount => Traffic.RateRefusalCount + Traffic.SizeRefusalCount;

    /// <summary>Whether there are unusually many of them.</summary>
    public string SecurityStatus => ViolationCount > ViolationCountElevated ? "elevated" : "normal";

    /// <summary>What an operator should look at; empty for nothing.</summary>
    public string Issues => string.Join(", ", new[]
    {
        Traffic.RequestCount > RequestCountTelling && Traffic.SuccessRate < CriticalBelow ? "low success rate" : "",
        Traffic.MillisecondsMean > SlowMilliseconds ? "high latency" : "",
        IsReady ? "" : "unavailable",
    }.Where(issue => issue.Length > 0));
}
