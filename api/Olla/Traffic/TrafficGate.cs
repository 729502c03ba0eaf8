using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Olla.Traffic;

/// <summary>
/// Counts the requests of all dialects, those without Olla's prefix included. Probes and questions about the counters
/// are not counted: they would change what they ask for. Runs first.
/// </summary>
internal sealed class TrafficGate(RequestDelegate next, TrafficCounters counters, TimeProvider time)
{
    private static readonly PathString[] Counted = ["/api", "/v1", "/v2", OllaPaths.Root];

    /// <summary>Passes the request on.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (!Array.Exists(Counted, counted => path.StartsWithSegments(counted, StringComparison.Ordinal)))
        {
            await next(context);
            return;
        }

        var begun = time.GetTimestamp();
        var body = new CountedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(body);
        counters.Begin();
        bool? failed = null;
        try
        {
            await next(context);
            failed = HasFailed(context);
        }
        finally
        {
            // What a client broke off is no failure of the server.
            failed ??= !context.RequestAborted.IsCancellationRequested;
            var duration = time.GetElapsedTime(begun);
            counters.End(
                context.Response.StatusCode, failed.Value, duration, body.ByteCount, ModelOf(context, failed.Value));
            if (context.Features.Get<ApiRequest>() is { Route: RouteKind.Messages } request)
            {
                counters.AddMessages(failed.Value, request.IsStream, duration);
            }
        }
    }

    // A client may write any name. Where it made a mistake, the model was not found, or not looked for.
    private static string? ModelOf(HttpContext context, bool failed) =>
        context.Features.Get<ApiRequest>() is { } request && request.Route.RunsModel()
        && (failed || context.Response.StatusCode < StatusCodes.Status400BadRequest)
            ? ModelReference.ReadLocal(request.Model)?.DisplayName
            : null;

    // Ollama answers some mistakes of clients with 500, and a stream that fails has begun with 200.
    private static bool HasFailed(HttpContext context) => context.Features.Get<ApiRequest>() is { } request
        ? request.HasFailed
        : context.Response.StatusCode >= StatusCodes.Status500InternalServerError;
}
