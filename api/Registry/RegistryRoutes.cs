using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Access;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Registry;

/// <summary>
/// <c>/v2/</c>: this server as a registry, which other servers, Ollama's and ours, and the usual tools for containers
/// pull from and push to.
/// </summary>
internal sealed class RegistryRoutes(
    RegistryGuard guard, ManifestsRoute manifests, BlobContentRoute blobs, UploadsRoute uploads, ListingsRoute listings,
    IOptions<ApiOptions> options)
{
    private const string PathKey = "path";

    /// <summary>Maps the routes, unless they are switched off.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        if (services.GetRequiredService<IOptions<ApiOptions>>().Value.Registry == RegistryAccess.Off)
        {
            return;
        }

        var routes = services.GetRequiredService<RegistryRoutes>();
        endpoints.Map($"/v2/{{**{PathKey}}}", routes.HandleAsync).WithMetadata(new TrailingSlashCounts());
    }

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) => guard.RunAsync(context, () =>
    {
        var text = context.Request.RouteValues[PathKey] as string ?? "";
        if (!RegistryPath.TryParse(text, out var path))
        {
            throw new RegistryException(RegistryErrorCode.PathUnknown, text);
        }

        var request = new RegistryRequest(context, path);
        var method = context.Request.Method;
        if (path.Kind is not (RegistryPathKind.Root or RegistryPathKind.Catalog))
        {
            _ = request.Name(Contracts.Library.ModelName.DefaultTag);
        }

        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        if (!reads && options.Value.Registry == RegistryAccess.ReadOnly)
        {
            throw new RegistryException(RegistryErrorCode.Denied, path.Repository);
        }

        return DispatchAsync(request, method, reads);
    });

    private Task DispatchAsync(RegistryRequest request, string method, bool reads) => request.Path.Kind switch
    {
        RegistryPathKind.Root when reads => JsonReply.WriteTextAsync(
            request.Context, StatusCodes.Status200OK, MediaTypes.Json, "{}", request.Aborted),
        RegistryPathKind.Catalog when reads => listings.CatalogAsync(request),
        RegistryPathKind.Tags when reads => listings.TagsAsync(request),
        RegistryPathKind.Manifest when reads => manifests.ReadAsync(request),
        RegistryPathKind.Manifest when HttpMethods.IsPut(method) => manifests.WriteAsync(request),
        RegistryPathKind.Manifest when HttpMethods.IsDelete(method) => manifests.DeleteAsync(request),
        RegistryPathKind.Blob when reads => blobs.ReadAsync(request),
        RegistryPathKind.Uploads when HttpMethods.IsPost(method) => uploads.BeginAsync(request),
        RegistryPathKind.Upload when reads => uploads.StatusAsync(request),
        RegistryPathKind.Upload when HttpMethods.IsPatch(method) => uploads.AppendAsync(request),
        RegistryPathKind.Upload when HttpMethods.IsPut(method) => uploads.CommitAsync(request),
        RegistryPathKind.Upload when HttpMethods.IsDelete(method) => uploads.CancelAsync(request),
        _ => throw Unsupported(request),
    };

    private static RegistryException Unsupported(RegistryRequest request)
    {
        request.Context.Response.Headers.Allow = request.Path.Kind switch
        {
            RegistryPathKind.Manifest => "GET, HEAD, PUT, DELETE",
            RegistryPathKind.Uploads => "POST",
            RegistryPathKind.Upload => "GET, HEAD, PATCH, PUT, DELETE",
            _ => "GET, HEAD",
        };
        return new RegistryException(RegistryErrorCode.Unsupported);
    }
}
