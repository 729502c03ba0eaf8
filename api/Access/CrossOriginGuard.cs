using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Access;

/// <summary>
/// Decides which web pages may call this server. Runs first: a page that may not is refused on every path, known or
/// not.
/// </summary>
internal sealed class CrossOriginGuard
{
    private const string AllowedMethods = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS";

    private const string AllowedHeaders =
        "Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Arch,"
        + "X-Stainless-Async,X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang,"
        + "X-Stainless-Os,X-Stainless-Package-Version,X-Stainless-Poll-Helper,X-Stainless-Retry-Count,"
        + "X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout,"
        + "X-Stainless-Helper,X-Api-Key,Anthropic-Version,Anthropic-Beta,Anthropic-Dangerous-Direct-Browser-Access,"
        + "Openai-Organization,Openai-Project," + PriorityHeader.Name + "," + DeadlineHeader.Name + ","
        + RequestId.Header;

    // Browsers may remember the answer to a preflight for 12 hours.
    private const string MaxAgeSeconds = "43200";

    private static readonly string[] LocalHosts = ["localhost", "127.0.0.1", "0.0.0.0"];
    private static readonly string[] AppSchemes =
        ["app://*", "file://*", "tauri://*", "vscode-webview://*", "vscode-file://*"];

    private readonly RequestDelegate _next;
    private readonly IReadOnlyList<OriginPattern> _allowed;
    private readonly bool _allowsAny;
    private readonly string _allowedHeaders;

    /// <summary>Puts the guard in front of the rest.</summary>
    /// <param name="next">The rest.</param>
    /// <param name="origins">Origins allowed beside the local ones; checked before.</param>
    /// <param name="moreHeaders">Headers allowed beside the usual ones, each with a comma before it.</param>
    public CrossOriginGuard(RequestDelegate next, IReadOnlyList<string> origins, string moreHeaders)
    {
        _next = next;
        _allowedHeaders = AllowedHeaders + moreHeaders;
        var allowed = new List<OriginPattern>();
        foreach (var origin in origins.Concat(LocalHosts.SelectMany(LocalOrigins)).Concat(AppSchemes))
        {
            if (OriginPattern.TryParse(origin, out var pattern))
            {
                allowed.Add(pattern);
            }
        }

        _allowed = allowed;
        _allowsAny = allowed.Exists(pattern => pattern.IsAny);
    }

    /// <summary>Lets the request pass, answers a preflight, or refuses.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        var host = context.Request.Headers.Host.ToString();
        if (origin.Length == 0 || origin == "http://" + host || origin == "https://" + host)
        {
            return _next(context);
        }

        var response = context.Response;
        if (!_allowsAny && !_allowed.Any(pattern => pattern.Matches(origin)))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        response.Headers.AccessControlAllowOrigin = _allowsAny ? "*" : origin;
        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            if (!_allowsAny)
            {
                response.Headers.Vary = HeaderNames.Origin;
            }

            return _next(context);
        }

        AnswerPreflight(response);
        return Task.CompletedTask;
    }

    private static IEnumerable<string> LocalOrigins(string host) =>
        [$"http://{host}", $"https://{host}", $"http://{host}:*", $"https://{host}:*"];

    private void AnswerPreflight(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowMethods = AllowedMethods;
        response.Headers.AccessControlAllowHeaders = _allowedHeaders;
        response.Headers.AccessControlMaxAge = MaxAgeSeconds;
        if (!_allowsAny)
        {
            response.Headers.Vary = new(
                [HeaderNames.Origin, HeaderNames.AccessControlRequestMethod, HeaderNames.AccessControlRequestHeaders]);
        }
    }
}
