namespace Ollama.Platform.Api.Olla.Wire;

/// <summary>The answer of <c>/internal/health</c>.</summary>
/// <param name="Status">Always <c>healthy</c>: that there is an answer is the answer.</param>
internal sealed record LiveWire(string Status);

/// <summary>The answer of <c>/internal/status</c>.</summary>
/// <param name="Timestamp">RFC 3339 in UTC.</param>
/// <param name="Proxy">How requests are handed on.</param>
/// <param name="Endpoints">Those that answer requests.</param>
/// <param name="Security">What was refused for the server's sake.</param>
/// <param name="System">The whole.</param>
internal sealed record StatusWire(
    string Timestamp, ProxyWire Proxy, IReadOnlyList<EndpointWire> Endpoints, SecurityWire Security,
    SystemWire System);

/// <summary>How requests are handed on.</summary>
/// <param name="Engine">What does it.</param>
/// <param name="Profile">How answers are sent.</param>
/// <param name="Balancer">How one of several is chosen.</param>
internal sealed record ProxyWire(string Engine, string Profile, string Balancer);

/// <summary>One that answers requests.</summary>
internal sealed record EndpointWire
{
    /// <summary>An id that stays the same.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was asked.</summary>
    public required string Url { get; init; }

    /// <summary><c>healthy</c> or <c>unhealthy</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The higher is preferred.</summary>
    public int Priority { get; init; }

    /// <summary>Its models.</summary>
    public required EndpointModelsWire Models { get; init; }

    /// <summary>Share of requests that it did not fail.</summary>
    public required string SuccessRate { get; init; }

    /// <summary>Mean time of an answer.</summary>
    public required string AvgLatency { get; init; }

    /// <summary>The same in milliseconds; left out before the first request.</summary>
    public long? AvgLatencyMs { get; init; }

    /// <summary>The fastest answer, in milliseconds.</summary>
    public long MinLatencyMs { get; init; }

    /// <summary>The slowest answer, in milliseconds.</summary>
    public long MaxLatencyMs { get; init; }

    /// <summary>Bytes that it sent.</summary>
    public required string Traffic { get; init; }

    /// <summary>Requests that are being answered.</summary>
    public int Connections { get; init; }

    /// <summary>Requests that were answered.</summary>
    public long Requests { get; init; }

    /// <summary>When it was last looked at, for people.</summary>
    public required string LastCheck { get; init; }

    /// <summary>The same, RFC 3339 in UTC.</summary>
    public string? HealthCheckAt { get; init; }

    /// <summary>When it is looked at next, for people.</summary>
    public required string NextCheck { get; init; }

    /// <summary>What an operator should look at; empty for nothing.</summary>
    public required string Issues { get; init; }
}

/// <summary>The models of an endpoint.</summary>
/// <param name="LastUpdated">The latest change, RFC 3339 in UTC.</param>
/// <param name="Count">How many there are.</param>
internal sealed record EndpointModelsWire(string LastUpdated, int Count);

/// <summary>What was refused for the server's sake.</summary>
/// <param name="Status"><c>normal</c> or <c>elevated</c>.</param>
/// <param name="BlockedIps">Addresses that are refused; this server refuses none.</param>
/// <param name="Violations">Refusals by reason.</param>
internal sealed record SecurityWire(string Status, int BlockedIps, ViolationsWire Violations);

/// <summary>Refusals by reason.</summary>
/// <param name="RateLimits">What came too often.</param>
/// <param name="SizeLimits">What was too long.</param>
internal sealed record ViolationsWire(long RateLimits, long SizeLimits);

/// <summary>The whole.</summary>
internal sealed record SystemWire
{
    /// <summary><c>healthy</c>, <c>degraded</c> or <c>critical</c>.</summary>
    public required string Status { get; init; }

    /// <summary>How many of how many answer.</summary>
    public required string EndpointsUp { get; init; }

    /// <summary>Share of requests that did not fail.</summary>
    public required string SuccessRate { get; init; }

    /// <summary>Mean time of an answer.</summary>
    public required string AvgLatency { get; init; }

    /// <summary>Bytes that were sent.</summary>
    public required string TotalTraffic { get; init; }

    /// <summary>Time since the start.</summary>
    public required string Uptime { get; init; }

    /// <summary>The start, RFC 3339 in UTC.</summary>
    public required string StartTime { get; init; }

    /// <summary>Version of the product.</summary>
    public required string Version { get; init; }

    /// <summary>The commit that it was built from.</summary>
    public required string Commit { get; init; }

    /// <summary>Requests that are being answered.</summary>
    public int ActiveConnections { get; init; }

    /// <summary>Refusals for the server's sake.</summary>
    public long SecurityViolations { get; init; }

    /// <summary>Requests that were answered.</summary>
    public long TotalRequests { get; init; }

    /// <summary>Those that the server failed.</summary>
    public long TotalFailures { get; init; }

    /// <summary>There was a request.</summary>
    public bool HasTraffic { get; init; }
}
