namespace Ollama.Platform.Api.Olla.Wire;

/// <summary>The answer of <c>/internal/stats/models</c>.</summary>
/// <param name="Timestamp">RFC 3339 in UTC.</param>
/// <param name="Endpoints">The whole by endpoint, when that was asked for.</param>
/// <param name="Models">The most wanted first.</param>
/// <param name="Summary">The whole.</param>
internal sealed record ModelsStatsWire(
    string Timestamp, IReadOnlyDictionary<string, EndpointStatsWire> Endpoints, IReadOnlyList<ModelStatsWire> Models,
    StatsSummaryWire Summary);

/// <summary>What was answered with one model.</summary>
internal sealed record ModelStatsWire
{
    /// <summary>By endpoint, when that was asked for.</summary>
    public IReadOnlyDictionary<string, EndpointStatsWire>? EndpointBreakdown { get; init; }

    /// <summary>Shortest display name with tag.</summary>
    public required string Name { get; init; }

    /// <summary>Share of requests that the server did not fail.</summary>
    public required string SuccessRate { get; init; }

    /// <summary>Bytes that were sent.</summary>
    public required string TotalTraffic { get; init; }

    /// <summary>Mean time of an answer.</summary>
    public required string AverageLatency { get; init; }

    /// <summary>Of the latest answers, 95 of 100 took no longer.</summary>
    public required string P95Latency { get; init; }

    /// <summary>Of the latest answers, 99 of 100 took no longer.</summary>
    public required string P99Latency { get; init; }

    /// <summary>When it was last answered, RFC 3339 in UTC.</summary>
    public required string LastRequested { get; init; }

    /// <summary>Requests that were answered.</summary>
    public long TotalRequests { get; init; }

    /// <summary>Those that succeeded.</summary>
    public long SuccessfulRequests { get; init; }

    /// <summary>Those that the server failed.</summary>
    public long FailedRequests { get; init; }

    /// <summary>Requests for which the model was here: all that are counted.</summary>
    public long RoutingHits { get; init; }

    /// <summary>Requests for a model that is not here are not counted.</summary>
    public long RoutingMisses { get; init; }

    /// <summary>No request is led to another model.</summary>
    public long RoutingFallbacks { get; init; }
}

/// <summary>What one endpoint answered.</summary>
/// <param name="EndpointName">The endpoint.</param>
/// <param name="AverageLatency">Mean time of an answer.</param>
/// <param name="LastUsed">When it last answered, RFC 3339 in UTC.</param>
/// <param name="RequestCount">Requests that were answered.</param>
/// <param name="SuccessRate">Share that it did not fail, in percent.</param>
internal sealed record EndpointStatsWire(
    string EndpointName, string AverageLatency, string LastUsed, long RequestCount, double SuccessRate);

/// <summary>The whole.</summary>
/// <param name="OverallSuccessRate">Share of requests that the server did not fail.</param>
/// <param name="TotalTraffic">Bytes that were sent.</param>
/// <param name="MostPopularModel">The model that was asked for most; empty before the first request.</param>
/// <param name="LeastPopularModel">The model that was asked for least; empty before the first request.</param>
/// <param name="TotalModels">Models that were asked for.</param>
/// <param name="ActiveModels">Those of the last hour.</param>
/// <param name="TotalRequests">Requests that were answered.</param>
internal sealed record StatsSummaryWire(
    string OverallSuccessRate, string TotalTraffic, string MostPopularModel, string LeastPopularModel,
    int TotalModels, int ActiveModels, long TotalRequests);

/// <summary>The answer of <c>/internal/stats/sticky</c>.</summary>
/// <param name="Enabled">Always false: prompts are led to their cache by their text.</param>
internal sealed record StickyStatsWire(bool Enabled);
