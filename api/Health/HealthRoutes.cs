using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Api.Health.Wire;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Health;

/// <summary>
/// What an orchestrator asks: <c>/health</c>, whether this process lives, and <c>/ready</c>, whether it should be sent
/// requests.
/// </summary>
internal static class HealthRoutes
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers what answers.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<ReadyRoute>();
        services.AddHealthChecks().AddCheck<DrainCheck>("server", tags: [ApiHosting.ReadyTag]);
    }

    /// <summary>Maps them all.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<RouteGuard>();

        void Add(string path, Func<ApiRequest, Task> handle) => endpoints.MapMethods(
            path, GetOrHead, guard.Around(RouteKind.Plain, handle, OllamaReplies.RefuseAsync));

        // That it answers is the answer: a restart would not mend a full disk or a busy GPU.
        Add("/health", request => ReadyRoute.ReplyAsync(
            request, StatusCodes.Status200OK, new HealthReply(HealthReply.Ok, Checks: null)));
        Add("/ready", services.GetRequiredService<ReadyRoute>().HandleAsync);
    }
}
