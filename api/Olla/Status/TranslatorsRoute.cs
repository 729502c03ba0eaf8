using Ollama.Platform.Api.Olla.Traffic;
using Ollama.Platform.Api.Olla.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Olla.Status;

/// <summary><c>GET /internal/stats/translators</c>: what was answered in Anthropic's dialect since the start.</summary>
internal sealed class TranslatorsRoute(TrafficCounters counters, TimeProvider time)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(ApiRequest request)
    {
        var seen = counters.ReadMessages();
        var (success, untranslated) = (
            StatusText.Share(seen.SuccessRate), StatusText.Share(seen.RequestCount == 0 ? null : 1));
        var reply = new TranslatorsWire(
            WireTime.Utc(time.GetUtcNow()),
            [
                new TranslatorWire
                {
                    TotalRequests = seen.RequestCount,
                    SuccessfulRequests = seen.RequestCount - seen.FailureCount,
                    FailedRequests = seen.FailureCount,
                    SuccessRate = success,
                    PassthroughRate = untranslated,
                    PassthroughRequests = seen.RequestCount,
                    StreamingRequests = seen.StreamCount,
                    NonStreamingRequests = seen.RequestCount - seen.StreamCount,
                    AverageLatency = StatusText.Milliseconds(seen.MillisecondsMean),
                },
            ],
            new TranslatorsSummaryWire
            {
                ActiveTranslators = seen.RequestCount > 0 ? 1 : 0,
                TotalRequests = seen.RequestCount,
                OverallSuccessRate = success,
                TotalPassthrough = seen.RequestCount,
                OverallPassthroughRate = untranslated,
                TotalStreaming = seen.StreamCount,
                TotalNonStreaming = seen.RequestCount - seen.StreamCount,
            });
        request.Context.Response.Headers.CacheControl = "no-store";
        return request.ReplyAsync(reply, OllaJson.Default.TranslatorsWire);
    }
}
