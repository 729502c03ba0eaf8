using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Ollama.Platform.Api.Olla.Status;
using Ollama.Platform.Api.Olla.Traffic;
using Ollama.Platform.Api.Olla.Wire;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Olla;

/// <summary>
/// Olla's own routes. Everything else under <c>/olla</c> is a route of another dialect, which <see cref="OllaGate"/>
/// leads to.
/// </summary>
internal static class OllaRoutes
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers what answers.</summary>
    public static void Register(IServiceCollection services)
    {
        services.TryAddSingleton<TrafficCounters>();
        services.AddSingleton<OllaHeaders>();
        services.AddSingleton<ServerState>();
        services.AddSingleton<StatusRoute>();
        services.AddSingleton<ModelsStatusRoute>();
        services.AddSingleton<ModelsStatsRoute>();
        services.AddSingleton<TranslatorsRoute>();
        services.AddSingleton<ServerRoute>();
        services.AddSingleton<UnifiedModelsRoute>();
    }

    /// <summary>Counts requests and takes the prefix off, before all guards.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        var counters = services.GetRequiredService<TrafficCounters>();
        var time = services.GetRequiredService<TimeProvider>();
        var headers = services.GetRequiredService<OllaHeaders>();
        app.Use(next => new TrafficGate(next, counters, time).InvokeAsync);
        app.Use(next => new OllaGate(next, headers).InvokeAsync);
    }

    /// <summary>Maps them all.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<RouteGuard>();

        void Add(string path, RouteKind kind, Func<ApiRequest, Task> handle) => endpoints.MapMethods(
            path, GetOrHead, guard.Around(kind, handle, OllamaReplies.RefuseAsync));

        var status = services.GetRequiredService<StatusRoute>();
        var models = services.GetRequiredService<UnifiedModelsRoute>();
        Add("/internal/health", RouteKind.Plain, request => request.ReplyAsync(
            new LiveWire(StateSnapshot.Healthy), OllaJson.Default.LiveWire));
        Add("/internal/status", RouteKind.Plain, status.HandleAsync);
        Add("/internal/status/endpoints", RouteKind.Plain, status.HandleEndpointsAsync);
        Add(
            "/internal/status/models", RouteKind.Plain,
            services.GetRequiredService<ModelsStatusRoute>().HandleAsync);
        Add(
            "/internal/stats/models", RouteKind.Plain, services.GetRequiredService<ModelsStatsRoute>().HandleAsync);
        Add(
            "/internal/stats/translators", RouteKind.Plain,
            services.GetRequiredService<TranslatorsRoute>().HandleAsync);
        var server = services.GetRequiredService<ServerRoute>();
        Add("/version", RouteKind.Plain, server.HandleVersionAsync);
        Add("/internal/process", RouteKind.Plain, server.HandleProcessAsync);
        Add("/internal/stats/sticky", RouteKind.Plain, request => request.ReplyAsync(
            new StickyStatsWire(Enabled: false), OllaJson.Default.StickyStatsWire));
        Add(OllaPaths.Root + OllaPaths.Models, RouteKind.Plain, models.ListAsync);
        Add(
            $"{OllaPaths.Root}{OllaPaths.Models}/{{**{UnifiedModelsRoute.IdKey}}}", RouteKind.Show,
            models.FindAsync);
    }
}
