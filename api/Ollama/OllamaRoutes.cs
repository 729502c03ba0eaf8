using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Ollama;

/// <summary>The routes of Ollama's dialect.</summary>
internal static class OllamaRoutes
{
    private static readonly string[] Get = [HttpMethods.Get];
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Delete = [HttpMethods.Delete];
    private static readonly string[] PostOrHead = [HttpMethods.Post, HttpMethods.Head];
    private static readonly string[] Post = [HttpMethods.Post];

    /// <summary>Maps them all.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<OllamaGuard>();
        var version = services.GetRequiredService<IOptions<ApiOptions>>().Value.Version;

        void Add(string path, string[] methods, OllamaRouteKind kind, Func<OllamaRequest, Task> handle) =>
            endpoints.MapMethods(path, methods, guard.Around(kind, handle));

        // Clients ask here whether a server is running, and some compare the text.
        Add("/", GetOrHead, OllamaRouteKind.Plain, request => JsonReply.WriteTextAsync(
            request.Context, StatusCodes.Status200OK, MediaTypes.Text, "Ollama is running", request.Aborted));
        Add("/api/version", GetOrHead, OllamaRouteKind.Plain, request =>
            request.ReplyAsync(new VersionReply(version), WireJson.Default.VersionReply));
        Add("/api/status", Get, OllamaRouteKind.Plain, request =>
            request.ReplyAsync(
                new StatusReply(new CloudWire(Disabled: true, Source: "config")), WireJson.Default.StatusReply));
        Add("/api/tags", GetOrHead, OllamaRouteKind.Plain, services.GetRequiredService<TagsRoute>().HandleAsync);
        Add("/api/ps", Get, OllamaRouteKind.Plain, services.GetRequiredService<ProcessesRoute>().HandleAsync);
        Add("/api/show", Post, OllamaRouteKind.Show, services.GetRequiredService<ShowRoute>().HandleAsync);
        Add("/api/create", Post, OllamaRouteKind.Create, services.GetRequiredService<CreateRoute>().HandleAsync);
        Add("/api/copy", Post, OllamaRouteKind.Copy, services.GetRequiredService<CopyRoute>().HandleAsync);
        Add("/api/delete", Delete, OllamaRouteKind.Delete, services.GetRequiredService<DeleteRoute>().HandleAsync);
        Add(
            $"/api/blobs/{{{BlobsRoute.DigestKey}}}",
            PostOrHead,
            OllamaRouteKind.Plain,
            services.GetRequiredService<BlobsRoute>().HandleAsync);
        Add("/api/pull", Post, OllamaRouteKind.Pull, services.GetRequiredService<PullRoute>().HandleAsync);
        Add("/api/push", Post, OllamaRouteKind.Push, services.GetRequiredService<PushRoute>().HandleAsync);
        Add("/api/chat", Post, OllamaRouteKind.Chat, services.GetRequiredService<ChatRoute>().HandleAsync);
        Add("/api/generate", Post, OllamaRouteKind.Generate, services.GetRequiredService<GenerateRoute>().HandleAsync);
        Add("/api/embed", Post, OllamaRouteKind.Embed, services.GetRequiredService<EmbedRoute>().HandleAsync);
        Add(
            "/api/embeddings",
            Post,
            OllamaRouteKind.Embeddings,
            services.GetRequiredService<EmbeddingsRoute>().HandleAsync);
    }
}
