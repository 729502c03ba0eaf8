using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Access;
using Ollama.Platform.Api.Anthropic;
using Ollama.Platform.Api.Anthropic.Specification;
using Ollama.Platform.Api.Batches;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Grpc;
using Ollama.Platform.Api.Health;
using Ollama.Platform.Api.Olla;
using Ollama.Platform.Api.Olla.Specification;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Ollama.Specification;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.OpenAi.Specification;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Registry;
using Ollama.Platform.Api.Responses;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api;

/// <summary>
/// How a host takes in the HTTP interface: <see cref="AddApi"/>, then <see cref="UseApi"/> as the first middleware,
/// then <see cref="MapApi"/>. The host brings <c>IModels</c>, <c>ILibrary</c>, <c>IRecords</c>,
/// <c>IFileContents</c>, logging and routing.
/// </summary>
public static class ApiHosting
{
    /// <summary>The tag of the health checks that decide what <c>/ready</c> answers.</summary>
    public const string ReadyTag = "ready";

    /// <summary>What a client of Ollama's dialect would be told, for a log.</summary>
    public static string TextOf(ModelException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return ErrorTable.Ollama(failure.Refusal, RouteKind.Generate, failure.Refusal.Model ?? "").Message;
    }

    /// <summary>Registers the routes. Bad options stop the host when it starts.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services, Action<ApiOptions> configure)
    {
        services.AddRouting();
        services.AddOptions<ApiOptions>().Configure(configure).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.AddSingleton(new RunningRequests());
        services.AddSingleton<RouteGuard>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<AnswerStream>();
        services.AddSingleton<EmptyRequests>();
        services.AddSingleton<CancelRoute>();
        services.AddSingleton<ChatRoute>();
        services.AddSingleton<GenerateRoute>();
        services.AddSingleton<EmbedRoute>();
        services.AddSingleton<EmbeddingsRoute>();
        services.AddSingleton<RerankRoute>();
        services.AddSingleton<TokenizeRoute>();
        services.AddSingleton<TagsRoute>();
        services.AddSingleton<ProcessesRoute>();
        services.AddSingleton<ShowRoute>();
        services.AddSingleton<ProgressStream>();
        services.AddSingleton<BlobsRoute>();
        services.AddSingleton<CopyRoute>();
        services.AddSingleton<DeleteRoute>();
        services.AddSingleton<CreateRoute>();
        services.AddSingleton<PullRoute>();
        services.AddSingleton<PushRoute>();
        HealthRoutes.Register(services);
        OllaRoutes.Register(services);
        AnthropicRoutes.Register(services);
        OpenAiRoutes.Register(services);
        GrpcServices.Register(services);
        ResponsesRoutes.Register(services);
        BatchRoutes.Register(services);
        services.AddSingleton<RegistryGuard>();
        services.AddSingleton<RegistryRoutes>();
        services.AddSingleton<ManifestsRoute>();
        services.AddSingleton<BlobContentRoute>();
        services.AddSingleton<UploadsRoute>();
        services.AddSingleton<ListingsRoute>();
        return services;
    }

    /// <summary>Guards every path, then routes: who may call comes before what exists.</summary>
    public static IApplicationBuilder UseApi(this IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<IOptions<ApiOptions>>().Value;
        var useGrpcWeb = GrpcServices.Use(app);
        if (options.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders(TrustedProxies.ToOptions(options.TrustedProxies, !options.LoopbackBound));
        }

        if (options.Olla)
        {
            OllaRoutes.Use(app);
        }

        var pageHeaders = options.Grpc.Web ? GrpcServices.PageHeaders : "";
        app.Use(next => new CrossOriginGuard(next, options.Origins, pageHeaders).InvokeAsync);
        if (options.LoopbackBound)
        {
            app.Use(next => new HostGuard(next, options).InvokeAsync);
        }

        app.UseSpecificationPage();
        useGrpcWeb();
        app.UseRouting();
        app.Use(next => new RouterReplies(next).InvokeAsync);
        return app;
    }

    /// <summary>Maps the routes of all dialects.</summary>
    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder endpoints)
    {
        HealthRoutes.Map(endpoints);
        OllamaRoutes.Map(endpoints);
        AnthropicRoutes.Map(endpoints);
        OpenAiRoutes.Map(endpoints);
        ResponsesRoutes.Map(endpoints);
        BatchRoutes.Map(endpoints);
        RegistryRoutes.Map(endpoints);
        if (endpoints.ServiceProvider.GetRequiredService<IOptions<ApiOptions>>().Value.Olla)
        {
            OllaRoutes.Map(endpoints);
        }

        SpecificationRoutes.Map(
            endpoints,
            () =>
            [
                OllamaSpecification.Dialect, OpenAiSpecification.Dialect, AnthropicSpecification.Dialect,
                OllaSpecification.Dialect,
            ]);
        return endpoints;
    }
}
