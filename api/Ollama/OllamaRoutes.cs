using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
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
        var guard = services.GetRequiredService<RouteGuard>();
        var version = services.GetRequiredService<IOptions<ApiOptions>>().Value.Version;

        void Add(string path, string[] methods, RouteKind kind, Func<ApiRequest, Task> handle) =>
            endpoints.MapMethods(path, methods, guard.Around(kind, handle, OllamaReplies.RefuseAsync));

        // Clients ask here whether a server is running, and some compare the text.
        Add("/", GetOrHead, RouteKind.Plain, request => JsonReply.WriteTextAsync(
            request.Context, StatusCodes.Status200OK, MediaTypes.Text, "Ollama is running", request.Aborted));
        Add("/api/version", GetOrHead, RouteKind.Plain, request =>
            request.ReplyAsync(new VersionReply(version), WireJson.Default.VersionReply));
        Add("/api/status", Get, RouteKind.Plain, request =>
            request.ReplyAsync(
                new StatusReply(new CloudWire(Disabled: true, Source: "config")), WireJson.Default.StatusReply));
        Add("/api/tags", GetOrHead, RouteKind.Plain, services.GetRequiredService<TagsRoute>().HandleAsync);
        Add("/api/ps", Get, RouteKind.Plain, services.GetRequiredService<ProcessesRoute>().HandleAsync);
        Add("/api/show", Post, RouteKind.Show, services.GetRequiredService<ShowRoute>().HandleAsync);
        Add("/api/create", Post, RouteKind.Create, services.GetRequiredService<CreateRoute>().HandleAsync);
        Add("/api/copy", Post, RouteKind.Copy, services.GetRequiredService<CopyRoute>().HandleAsync);
        Add("/api/delete", Delete, RouteKind.Delete, services.GetRequiredService<DeleteRoute>().HandleAsync);
        Add(
            $"/api/blobs/{{{BlobsRoute.DigestKey}}}",
            PostOrHead,
            RouteKind.Plain,
            services.GetRequiredService<BlobsRoute>().HandleAsync);
        Add("/api/pull", Post, RouteKind.Pull, services.GetRequiredService<PullRoute>().HandleAsync);
        Add("/api/push", Post, RouteKind.Push, services.GetRequiredService<PushRoute>().HandleAsync);
        Add("/api/cancel", Post, RouteKind.Plain, services.GetRequiredService<CancelRoute>().HandleAsync);
        Add("/api/chat", Post, RouteKind.Chat, services.GetRequiredService<ChatRoute>().HandleAsync);
        Add("/api/generate", Post, RouteKind.Generate, services.GetRequiredService<GenerateRoute>().HandleAsync);
        Add("/api/embed", Post, RouteKind.Embed, services.GetRequiredService<EmbedRoute>().HandleAsync);
        Add(
            "/api/embeddings",
            Post,
            RouteKind.Embeddings,
            services.GetRequiredService<EmbeddingsRoute>().HandleAsync);
        Add("/api/rerank", Post, RouteKind.Rerank, services.GetRequiredService<RerankRoute>().HandleAsync);
        var tokenize = services.GetRequiredService<TokenizeRoute>();
        Add("/api/tokenize", Post, RouteKind.Tokenize, tokenize.SplitAsync);
        Add("/api/detokenize", Post, RouteKind.Tokenize, tokenize.JoinAsync);
    }
}
