using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Api.Anthropic;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>The routes of OpenAI's dialect. Refusals are Ollama's, in OpenAI's form.</summary>
internal static class OpenAiRoutes
{
    /// <summary>What an empty body is refused with.</summary>
    public const string NoBodyText = "EOF";

    private static readonly string[] Get = [HttpMethods.Get];
    private static readonly string[] Post = [HttpMethods.Post];

    /// <summary>Registers what answers.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<ChatCompletionsRoute>();
        services.AddSingleton<CompletionsRoute>();
        services.AddSingleton<EmbeddingListRoute>();
        services.AddSingleton<RerankListRoute>();
        services.AddSingleton<ModelsRoute>();
    }

    /// <summary>Maps them all.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<RouteGuard>();

        void Add(string path, string[] methods, RouteKind kind, Func<ApiRequest, Task> handle) =>
            endpoints.MapMethods(path, methods, guard.Around(kind, handle, OpenAiReplies.RefuseAsync));

        var models = services.GetRequiredService<ModelsRoute>();
        Add(
            "/v1/chat/completions", Post, RouteKind.Chat,
            services.GetRequiredService<ChatCompletionsRoute>().HandleAsync);
        Add(
            "/v1/completions", Post, RouteKind.Generate,
            services.GetRequiredService<CompletionsRoute>().HandleAsync);
        Add(
            "/v1/embeddings", Post, RouteKind.Embed,
            services.GetRequiredService<EmbeddingListRoute>().HandleAsync);
        Add("/v1/rerank", Post, RouteKind.Rerank, services.GetRequiredService<RerankListRoute>().HandleAsync);
        var others = services.GetRequiredService<ModelListRoute>();
        AddForBoth("/v1/models", RouteKind.Plain, models.ListAsync, others.ListAsync);
        AddForBoth(
            $"/v1/models/{{**{ModelsRoute.IdKey}}}", RouteKind.Show, models.FindAsync,
            request => others.FindAsync(request, ModelsRoute.IdOf(request)));

        // Two dialects have these paths; a header tells who asks.
        void AddForBoth(
            string path, RouteKind kind, Func<ApiRequest, Task> handle, Func<ApiRequest, Task> handleOther)
        {
            var own = guard.Around(kind, handle, OpenAiReplies.RefuseAsync);
            var other = guard.Around(RouteKind.Messages, handleOther, AnthropicReply.RefuseAsync);
            endpoints.MapMethods(
                path, Get, context => ModelListRoute.IsAsked(context) ? other(context) : own(context));
        }
    }
}
