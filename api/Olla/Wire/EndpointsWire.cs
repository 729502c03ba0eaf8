namespace Ollama.Platform.Api.Olla.Wire;

/// <summary>The answer of <c>/internal/status/endpoints</c>.</summary>
/// <param name="Timestamp">RFC 3339 in UTC.</param>
/// <param name="Endpoints">By falling priority, the healthy first.</param>
/// <param name="TotalCount">How many there are.</param>
/// <param name="HealthyCount">How many of them are healthy.</param>
/// <param name="RoutableCount">How many of them are sent requests.</param>
internal sealed record EndpointsWire(
    string Timestamp, IReadOnlyList<EndpointSummaryWire> Endpoints, int TotalCount, int HealthyCount,
    int RoutableCount);

/// <summary>One that answers requests, in brief.</summary>
internal sealed record EndpointSummaryWire
{
    /// <summary>An id that stays the same.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of server.</summary>
    public required string Type { get; init; }

    /// <summary>Where it was asked.</summary>
    public required string Url { get; init; }

    /// <summary><c>healthy</c> or <c>unhealthy</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The higher is preferred.</summary>
    public int Priority { get; init; }

    /// <summary>How many models it has.</summary>
    public int ModelCount { get; init; }

    /// <summary>When they were last listed, for people.</summary>
    public required string LastModelSync { get; init; }

    /// <summary>The same, RFC 3339 in UTC.</summary>
    public string? LastModelSyncAt { get; init; }

    /// <summary>When it was last looked at, for people.</summary>
    public required string HealthCheck { get; init; }

    /// <summary>The same, RFC 3339 in UTC.</summary>
    public string? HealthCheckAt { get; init; }

    /// <summary>Share of requests that it did not fail.</summary>
    public required string SuccessRate { get; init; }

    /// <summary>Requests that were answered.</summary>
    public long RequestCount { get; init; }

    /// <summary>Mean time of an answer in milliseconds; left out before the first request.</summary>
    public long? AvgLatencyMs { get; init; }

    /// <summary>The fastest answer, in milliseconds.</summary>
    public long MinLatencyMs { get; init; }

    /// <summary>The slowest answer, in milliseconds.</summary>
    public long MaxLatencyMs { get; init; }

    /// <summary>Requests that are being answered.</summary>
    public int ActiveConnections { get; init; }

    /// <summary>What an operator should look at; left out for nothing.</summary>
    public string? Issues { get; init; }
}
