using Ollama.Platform.Api.Olla.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Olla.Status;

/// <summary><c>GET /internal/status</c> and <c>GET /internal/status/endpoints</c>.</summary>
internal sealed class StatusRoute(ServerState state)
{
    /// <summary>The kind of server that this one is, in Olla's words.</summary>
    public const string Type = "ollama";

    // One endpoint has nobody to stand behind; Olla's own default.
    private const int Priority = 100;

    // It is looked at to answer the question, not every few seconds.
    private const string Now = "just now";
    private const string WhenAsked = "when asked";

    /// <summary>Answers with everything.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var seen = await state.ReadAsync(request.Aborted);
        var endpoint = ToEndpoint(seen, UrlOf(request));
        var reply = new StatusWire(
            WireTime.Utc(seen.Now),
            new ProxyWire("ollama-platform", "streaming", "fair-queue"),
            [endpoint],
            new SecurityWire(
                seen.SecurityStatus, BlockedIps: 0,
                new ViolationsWire(seen.Traffic.RateRefusalCount, seen.Traffic.SizeRefusalCount)),
            ToSystem(seen));
        var lasting = reply with
        {
            Timestamp = "",
            Endpoints = [endpoint with { HealthCheckAt = null }],
            System = reply.System with { Uptime = "" },
        };
        await StatusReply.WriteAsync(request, reply, lasting, OllaJson.Default.StatusWire);
    }

    /// <summary>Answers with the endpoints alone.</summary>
    public async Task HandleEndpointsAsync(ApiRequest request)
    {
        var seen = await state.ReadAsync(request.Aborted);
        var endpoint = ToSummary(seen, UrlOf(request));
        var upCount = seen.IsReady ? 1 : 0;
        var reply = new EndpointsWire(WireTime.Utc(seen.Now), [endpoint], TotalCount: 1, upCount, upCount);
        var lasting = reply with
        {
            Timestamp = "",
            Endpoints = [endpoint with { HealthCheckAt = null, LastModelSyncAt = null }],
        };
        await StatusReply.WriteAsync(request, reply, lasting, OllaJson.Default.EndpointsWire);
    }

    /// <summary>Where the client found this server.</summary>
    public static string UrlOf(ApiRequest request) =>
        $"{request.Context.Request.Scheme}://{request.Context.Request.Host.Value}";

    private static EndpointWire ToEndpoint(StateSnapshot seen, string url) => new()
    {
        Id = seen.EndpointId,
        Name = seen.Endpoint,
        Url = url,
        Status = seen.EndpointStatus,
        Priority = Priority,
        Models = new EndpointModelsWire(
            WireTime.Utc(seen.Models.Select(model => model.ModifiedAt).DefaultIfEmpty().Max()), seen.Models.Count),
        SuccessRate = StatusText.Share(seen.Traffic.SuccessRate),
        AvgLatency = StatusText.Milliseconds(seen.Traffic.MillisecondsMean),
        AvgLatencyMs = seen.Traffic.RequestCount > 0 ? seen.Traffic.MillisecondsMean : null,
        MinLatencyMs = (long)seen.Traffic.DurationMin.TotalMilliseconds,
        MaxLatencyMs = (long)seen.Traffic.DurationMax.TotalMilliseconds,
        Traffic = StatusText.Bytes(seen.Traffic.AnswerBytes),
        Connections = seen.Traffic.ActiveCount,
        Requests = seen.Traffic.RequestCount,
        LastCheck = Now,
        HealthCheckAt = WireTime.Utc(seen.Now),
        NextCheck = WhenAsked,
        Issues = seen.Issues,
    };

    private static EndpointSummaryWire ToSummary(StateSnapshot seen, string url) => new()
    {
        Id = seen.EndpointId,
        Name = seen.Endpoint,
        Type = Type,
        Url = url,
        Status = seen.EndpointStatus,
        Priority = Priority,
        ModelCount = seen.Models.Count,
        LastModelSync = Now,
        LastModelSyncAt = WireTime.Utc(seen.Now),
        HealthCheck = Now,
        HealthCheckAt = WireTime.Utc(seen.Now),
        SuccessRate = StatusText.Share(seen.Traffic.SuccessRate),
        RequestCount = seen.Traffic.RequestCount,
        AvgLatencyMs = seen.Traffic.RequestCount > 0 ? seen.Traffic.MillisecondsMean : null,
        MinLatencyMs = (long)seen.Traffic.DurationMin.TotalMilliseconds,
        MaxLatencyMs = (long)seen.Traffic.DurationMax.TotalMilliseconds,
        ActiveConnections = seen.Traffic.ActiveCount,
        Issues = seen.Issues.Length > 0 ? seen.Issues : null,
    };

    private static SystemWire ToSystem(StateSnapshot seen) => new()
    {
        Status = seen.SystemStatus,
        EndpointsUp = seen.IsReady ? "1/1" : "0/1",
        SuccessRate = StatusText.Share(seen.Traffic.SuccessRate),
        AvgLatency = StatusText.Milliseconds(seen.Traffic.MillisecondsMean),
        TotalTraffic = StatusText.Bytes(seen.Traffic.AnswerBytes),
        Uptime = StatusText.Duration(seen.Uptime),
        StartTime = WireTime.Utc(seen.StartedAt),
        Version = seen.Version,
        Commit = seen.Commit,
        ActiveConnections = seen.Traffic.ActiveCount,
        SecurityViolations = seen.ViolationCount,
        TotalRequests = seen.Traffic.RequestCount,
        TotalFailures = seen.Traffic.FailureCount,
        HasTraffic = seen.Traffic.RequestCount > 0,
    };
}
