using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Api.Health.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Health;

/// <summary>
/// <c>GET /ready</c>: runs the checks that carry <see cref="ApiHosting.ReadyTag"/>, wherever they were registered, and
/// says which of them stand in the way. No model and no GPU is asked: models are loaded when they are needed.
/// </summary>
internal sealed partial class ReadyRoute(HealthCheckService checks, ILogger<ReadyRoute> logger)
{
    private int _isReady = 1;

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var report = await CheckAsync(request.Aborted);
        var ready = report.Status != HealthStatus.Unhealthy;
        NoteChange(ready, report);
        await ReplyAsync(
            request,
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new HealthReply(ready ? HealthReply.Ok : HealthReply.Unavailable, report.Entries.ToDictionary(
                entry => entry.Key, entry => Describe(entry.Value), StringComparer.Ordinal)));
    }

    /// <summary>Runs the checks.</summary>
    public Task<HealthReport> CheckAsync(CancellationToken cancellationToken) =>
        checks.CheckHealthAsync(check => check.Tags.Contains(ApiHosting.ReadyTag), cancellationToken);

    /// <summary>Answers with a state, which nobody may keep.</summary>
    public static Task ReplyAsync(ApiRequest request, int status, HealthReply reply)
    {
        request.Context.Response.Headers.CacheControl = "no-store";
        return JsonReply.WriteAsync(
            request.Context, status, MediaTypes.Json, reply, HealthJson.Default.HealthReply, request.Aborted);
    }

    private static string Describe(HealthReportEntry entry) => entry.Status == HealthStatus.Unhealthy
        ? entry.Description ?? HealthReply.Unavailable
        : HealthReply.Ok;

    // Probes come every second: only a change is news.
    private void NoteChange(bool ready, HealthReport report)
    {
        if (Interlocked.Exchange(ref _isReady, ready ? 1 : 0) == (ready ? 1 : 0))
        {
            return;
        }

        if (ready)
        {
            Log.Ready(logger);
        }
        else
        {
            Log.Unready(logger, string.Join(' ', report.Entries.Values
                .Where(entry => entry.Status == HealthStatus.Unhealthy).Select(Describe)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The server is ready again.")]
        public static partial void Ready(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "The server is not ready: {Reasons}")]
        public static partial void Unready(ILogger logger, string reasons);
    }
}
