using Microsoft.AspNetCore.Builder;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>
/// <c>/docs</c>: the specification in a browser. Everything that the page loads lies in this program, and its policy
/// lets nothing else be loaded.
/// </summary>
internal static class SpecificationPage
{
    /// <summary>The page's folder.</summary>
    public const string Path = "/docs";

    // Styles are set on elements by the page's own scripts; icons are written into its style sheets.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Serves the page.</summary>
    public static IApplicationBuilder UseSpecificationPage(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(Path),
        docs =>
        {
            docs.Use((context, next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = Policy;
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return next(context);
            });
            docs.UseSwaggerUI(page =>
            {
                page.RoutePrefix = Path[1..];
                page.DocumentTitle = "Ollama.Platform";
                page.SwaggerEndpoint(SpecificationRoutes.JsonPath, "Ollama.Platform");
            });
        });
}
