using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Olla.Traffic;
using Ollama.Platform.Api.Olla.Wire;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Olla.Status;

/// <summary><c>GET /internal/stats/models</c>: what was answered with each model since the start.</summary>
internal sealed class ModelsStatsRoute(TrafficCounters counters, TimeProvider time, IOptions<ApiOptions> options)
{
    private static readonly TimeSpan ActiveTime = TimeSpan.FromHours(1);

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(ApiRequest request)
    {
        var query = request.Context.Request.Query;
        var byEndpoint = PageQuery.ReadFlag(query, "include_endpoints") ?? false;
        var withSummary = PageQuery.ReadFlag(query, "include_summary") ?? false;
        var models = counters.ReadModels();
        var all = models.Count > 0 ? Join(models) : null;
        var now = time.GetUtcNow();
        var reply = new ModelsStatsWire(
            WireTime.Utc(now),
            withSummary && all is not null ? Of(all) : new Dictionary<string, EndpointStatsWire>(),
            [.. models.Select(model => ToWire(model, byEndpoint ? Of(model) : null))],
            Summarize(models, all, now));
        request.Context.Response.Headers.CacheControl = "no-store";
        return request.ReplyAsync(reply, OllaJson.Default.ModelsStatsWire);
    }

    private static ModelTotals Join(IReadOnlyList<ModelTotals> models)
    {
        var count = models.Sum(model => model.RequestCount);
        return new ModelTotals(
            "", count, models.Sum(model => model.FailureCount), models.Sum(model => model.AnswerBytes),
            models.Aggregate(TimeSpan.Zero, (sum, model) => sum + (model.DurationMean * model.RequestCount)) / count,
            TimeSpan.Zero, TimeSpan.Zero, models.Max(model => model.LastAt));
    }

    private static ModelStatsWire ToWire(
        ModelTotals model, IReadOnlyDictionary<string, EndpointStatsWire>? endpoints) => new()
        {
            EndpointBreakdown = endpoints,
            Name = model.Name,
            SuccessRate = StatusText.Share(model.SuccessRate),
            TotalTraffic = StatusText.Bytes(model.AnswerBytes),
            AverageLatency = Latency(model.DurationMean),
            P95Latency = Latency(model.Duration95),
            P99Latency = Latency(model.Duration99),
            LastRequested = WireTime.Utc(model.LastAt),
            TotalRequests = model.RequestCount,
            SuccessfulRequests = model.RequestCount - model.FailureCount,
            FailedRequests = model.FailureCount,
            RoutingHits = model.RequestCount,
        };

    private static StatsSummaryWire Summarize(
        IReadOnlyList<ModelTotals> models, ModelTotals? all, DateTimeOffset now) => new(
            StatusText.Share(all?.SuccessRate),
            StatusText.Bytes(all?.AnswerBytes ?? 0),
            models.Count > 0 ? models[0].Name : "",
            models.Count > 0 ? models[^1].Name : "",
            models.Count,
            models.Count(model => now - model.LastAt < ActiveTime),
            all?.RequestCount ?? 0);

    private static string Latency(TimeSpan duration) => StatusText.Milliseconds((long)duration.TotalMilliseconds);

    private Dictionary<string, EndpointStatsWire> Of(ModelTotals totals) => new()
    {
        [options.Value.EndpointName] = new EndpointStatsWire(
            options.Value.EndpointName, Latency(totals.DurationMean), WireTime.Utc(totals.LastAt), totals.RequestCount,
            Math.Round(totals.SuccessRate * 100, 1)),
    };
}
