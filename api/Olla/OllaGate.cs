using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Olla;

/// <summary>
/// Takes Olla's prefix off a path, so that the routes behind it are the same as without, and sees to it that every
/// answer, refusals included, has Olla's headers. Runs before all guards.
/// </summary>
internal sealed class OllaGate(RequestDelegate next, OllaHeaders headers)
{
    private const string AnthropicVersion = "anthropic-version";
    private const string OwnRequestId = OllaHeaders.Prefix + "Request-ID";

    /// <summary>Passes the request on.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers[OwnRequestId] is { Count: > 0 } id)
        {
            // What Olla calls a request, when it stands in front or a client has it from there.
            request.Headers.TryAdd(RequestId.Header, id);
        }

        if (!request.Path.StartsWithSegments(OllaPaths.Root, StringComparison.Ordinal, out var rest))
        {
            return next(context);
        }

        var exchange = OllaPaths.Resolve(rest.Value ?? "");
        headers.Announce(context, exchange);
        if (exchange is not null)
        {
            context.Features.Set(exchange);
            (request.PathBase, request.Path) = (request.PathBase + exchange.Prefix, exchange.Path);
            if (exchange.IsAnthropic)
            {
                // What tells this dialect from OpenAI's where both have the same path.
                request.Headers.TryAdd(AnthropicVersion, "2023-06-01");
            }

            return next(context);
        }

        return rest.StartsWithSegments(OllaPaths.Models, StringComparison.Ordinal)
            ? next(context)
            : JsonReply.WriteAsync(
                context, StatusCodes.Status404NotFound, MediaTypes.Json,
                new ErrorLine($"no such provider; the paths begin with {OllaPaths.Root}/ollama"),
                WireJson.Default.ErrorLine, context.RequestAborted);
    }
}
