using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Access;

/// <summary>
/// Answers for paths and methods without a route the way Ollama's router does. Runs right behind routing.
/// </summary>
internal sealed class RouterReplies(RequestDelegate next)
{
    /// <summary>Passes the request to its route, or says that there is none.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var hasTrailingSlash = path.Length > 1 && path.EndsWith('/');
        switch (context.GetEndpoint())
        {
            case RouteEndpoint route when !IsSpelled(route.RoutePattern, path.TrimEnd('/')):
            case null:
                await NotFoundAsync(context);
                break;
            case RouteEndpoint route when hasTrailingSlash && route.Metadata.GetMetadata<TrailingSlashCounts>() is null:
                Redirect(context, path[..^1]);
                break;
            case RouteEndpoint:
                await next(context);
                break;
            default:
                // Routing has put the refusal of the method in place of a route.
                await (hasTrailingSlash ? NotFoundAsync(context) : RefuseMethodAsync(context));
                break;
        }
    }

    // ASP.NET ignores case and Ollama does not. Only paths without parameters are compared.
    private static bool IsSpelled(RoutePattern pattern, string path) =>
        pattern.Parameters.Count > 0 || (pattern.RawText ?? "").TrimEnd('/') == path;

    private static void Redirect(HttpContext context, string path)
    {
        context.Response.StatusCode = HttpMethods.IsGet(context.Request.Method)
            ? StatusCodes.Status301MovedPermanently
            : StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = context.Request.PathBase.Value + path + context.Request.QueryString;
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.SetEndpoint(null);
        return JsonReply.WriteTextAsync(
            context,
            StatusCodes.Status404NotFound,
            MediaTypes.RouterText,
            "404 page not found",
            context.RequestAborted);
    }

    private async Task RefuseMethodAsync(HttpContext context)
    {
        await next(context);
        if (!context.Response.HasStarted)
        {
            await JsonReply.WriteTextAsync(
                context,
                StatusCodes.Status405MethodNotAllowed,
                MediaTypes.RouterText,
                "405 method not allowed",
                context.RequestAborted);
        }
    }
}
