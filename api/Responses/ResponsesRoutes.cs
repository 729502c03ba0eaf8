using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Responses;

/// <summary>The routes of OpenAI's responses. Refusals are in OpenAI's form.</summary>
internal static class ResponsesRoutes
{
    private static readonly string[] Get = [HttpMethods.Get];
    private static readonly string[] Post = [HttpMethods.Post];
    private static readonly string[] Delete = [HttpMethods.Delete];

    /// <summary>Registers what answers.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<ResponseStore>();
        services.AddSingleton<ResponseFollower>();
        services.AddSingleton<ResponseArchive>();
        services.AddSingleton<ResponseRuns>();
        services.AddSingleton<BackgroundResponses>();

        // Services stop in reverse order: what runs in the background ends before the archive does.
        services.AddHostedService(provider => provider.GetRequiredService<ResponseArchive>());
        services.AddHostedService(provider => provider.GetRequiredService<BackgroundResponses>());
        services.AddSingleton<ResponsesRoute>();
        services.AddSingleton<StoredResponsesRoute>();
    }

    /// <summary>Maps them all.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<RouteGuard>();
        var stored = services.GetRequiredService<StoredResponsesRoute>();

        void Add(string path, string[] methods, RouteKind kind, Func<ApiRequest, Task> handle) =>
            endpoints.MapMethods(path, methods, guard.Around(kind, handle, OpenAiReplies.RefuseAsync));

        const string One = $"/v1/responses/{{{StoredResponsesRoute.IdKey}}}";
        var made = services.GetRequiredService<ResponsesRoute>();
        Add("/v1/responses", Post, RouteKind.Responses, made.HandleAsync);
        Add("/v1/responses/input_tokens", Post, RouteKind.Responses, made.CountAsync);
        Add(One, Get, RouteKind.Plain, stored.FindAsync);
        Add(One, Delete, RouteKind.Plain, stored.DeleteAsync);
        Add(One + "/cancel", Post, RouteKind.Plain, stored.CancelAsync);
        Add(One + "/input_items", Get, RouteKind.Plain, stored.ListInputAsync);
    }
}
