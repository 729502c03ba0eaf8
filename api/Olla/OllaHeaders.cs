using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Olla;

/// <summary>Olla's headers: who answered, which model, how long it took and why there.</summary>
internal sealed class OllaHeaders(TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>How most of them begin.</summary>
    public const string Prefix = "X-Olla-";

    private const string SessionId = Prefix + "Session-ID";
    private const int SessionIdLengthMax = 256;

    private const string Exposed =
        $"{Prefix}Request-ID,{Prefix}Endpoint,{Prefix}Model,{Prefix}Backend-Type,{Prefix}Response-Time,"
        + $"{Prefix}Routing-Strategy,{Prefix}Routing-Decision,{Prefix}Routing-Reason,{Prefix}Mode,{SessionId}";

    private readonly string _endpoint = options.Value.EndpointName;
    private readonly string _servedBy = "Ollama.Platform/" + options.Value.Version;
    private readonly string _via = "1.1 ollama-platform/" + options.Value.Version;

    /// <summary>Writes the headers when the answer begins.</summary>
    public void Announce(HttpContext context, OllaExchange? exchange)
    {
        var begun = time.GetTimestamp();
        context.Response.OnStarting(() =>
        {
            Write(context, exchange, time.GetElapsedTime(begun));
            return Task.CompletedTask;
        });
    }

    private void Write(HttpContext context, OllaExchange? exchange, TimeSpan elapsed)
    {
        var headers = context.Response.Headers;
        headers[Prefix + "Request-ID"] = IdOf(context);
        headers[Prefix + "Endpoint"] = _endpoint;
        headers[Prefix + "Backend-Type"] = "ollama";
        headers[Prefix + "Response-Time"] =
            string.Create(CultureInfo.InvariantCulture, $"{(long)elapsed.TotalMilliseconds}ms");
        headers["X-Served-By"] = _servedBy;
        headers.Append(HeaderNames.Via, _via);

        // Of a stream only the way to its first byte is known.
        var measured = context.Response is { ContentLength: null, ContentType: not null } ? "first-byte" : "total";
        headers["Server-Timing"] =
            string.Create(CultureInfo.InvariantCulture, $"{measured};dur={elapsed.TotalMilliseconds:0.###}");
        if (context.Features.Get<ApiRequest>() is { } request)
        {
            WriteRouting(request, exchange);
        }

        if (context.Request.Headers[SessionId] is [{ Length: > 0 and <= SessionIdLengthMax } session]
            && !session.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            headers[SessionId] = session;
        }

        if (headers.AccessControlAllowOrigin.Count > 0)
        {
            headers.AccessControlExposeHeaders = Exposed;
        }
    }

    private static void WriteRouting(ApiRequest request, OllaExchange? exchange)
    {
        // The client's own spelling may hold what no header can.
        if (!ModelName.TryParse(request.Model, out var model))
        {
            return;
        }

        var response = request.Context.Response;
        response.Headers[Prefix + "Model"] = model.DisplayName;
        if (!request.Route.RunsModel() && request.Route != RouteKind.Show)
        {
            return;
        }

        if (exchange is { IsAnthropic: true } && request.Route == RouteKind.Messages)
        {
            response.Headers[Prefix + "Mode"] = "passthrough";
        }

        (string Decision, string Reason)? routing = response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ("rejected", "model_not_found"),
            StatusCodes.Status503ServiceUnavailable => ("rejected", "model_unavailable"),
            // Another mistake of the client was found before the model was looked for, or instead of it.
            >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError => null,
            _ => ("routed", "model_found"),
        };
        if (routing is (var decision, var reason))
        {
            response.Headers[Prefix + "Routing-Strategy"] = "strict";
            response.Headers[Prefix + "Routing-Decision"] = decision;
            response.Headers[Prefix + "Routing-Reason"] = reason;
        }
    }

    /// <summary>The id that the route has settled; what reached no route gets one here.</summary>
    private static string IdOf(HttpContext context)
    {
        if (context.Response.Headers[RequestId.Header] is [{ Length: > 0 } settled])
        {
            return settled;
        }

        try
        {
            return RequestId.Settle(context);
        }
        catch (ApiException)
        {
            // The answer is another refusal already; it has a new id now.
            return context.Response.Headers[RequestId.Header].ToString();
        }
    }
}
