using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Anthropic;

/// <summary>The routes of Anthropic's dialect. Nobody asks for the key or the version that clients send.</summary>
internal static class AnthropicRoutes
{
    private static readonly string[] Post = [HttpMethods.Post];

    /// <summary>Registers what answers.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<MessagesReader>();
        services.AddSingleton<MessagesRoute>();
        services.AddSingleton<CountTokensRoute>();
        services.AddSingleton<ModelListRoute>();
    }

    /// <summary>Maps them all.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<RouteGuard>();

        void Add(string path, Func<ApiRequest, Task> handle) => endpoints.MapMethods(
            path, Post, guard.Around(RouteKind.Messages, handle, AnthropicReply.RefuseAsync));

        Add("/v1/messages", services.GetRequiredService<MessagesRoute>().HandleAsync);
        Add("/v1/messages/count_tokens", services.GetRequiredService<CountTokensRoute>().HandleAsync);
    }
}
