using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Grpc.Calls;
using HealthService = Grpc.Health.V1.Health;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc;

/// <summary>The services of the gRPC dialect, and how they come into the pipeline.</summary>
internal static class GrpcServices
{
    /// <summary>What a page may send in a call of gRPC-Web beside what it may send anyway.</summary>
    public const string PageHeaders = ",X-Grpc-Web,Grpc-Timeout,X-User-Agent,X-Request-Id";

    private const string WebType = "application/grpc-web";
    private const string ExposedHeaders = "Grpc-Status,Grpc-Message,Grpc-Status-Details-Bin,X-Request-Id";

    /// <summary>Full names of the services, as health checks name them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        Wire.InferenceService.Descriptor.FullName,
        Wire.EmbeddingService.Descriptor.FullName,
        Wire.ModelService.Descriptor.FullName,
        Wire.BlobService.Descriptor.FullName,
        Wire.TokenizeService.Descriptor.FullName,
        Wire.Single.Ollama.Descriptor.FullName,
        HealthService.Descriptor.FullName,
    ];

    /// <summary>Registers what answers.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddGrpc(grpc => grpc.Interceptors.Add<CallGuard>());
        services.AddGrpcReflection();
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<ApiOptions>>((grpc, api) =>
        {
            var options = api.Value.Grpc;
            grpc.MaxReceiveMessageSize = options.MessageBytesMax;
            grpc.MaxSendMessageSize = null;
            grpc.ResponseCompressionAlgorithm = options.AnswersCompressed ? "gzip" : null;
        });
        services.AddSingleton<CallGuard>();
        services.AddSingleton<GrpcRefusals>();
        services.AddSingleton<AnswerRuns>();
        services.AddSingleton<ModelWatch>();
        services.AddSingleton<PartialUploads>();
        services.AddSingleton<InferenceCalls>();
        services.AddSingleton<EmbeddingCalls>();
        services.AddSingleton<ModelCalls>();
        services.AddSingleton<BlobCalls>();
        services.AddSingleton<TokenizeCalls>();
        services.AddSingleton<HealthCalls>();
        services.AddSingleton<OllamaCalls>();
    }

    /// <summary>
    /// Serves the calls that come through a port of gRPC, before anything that guards against web pages: those can make
    /// no such calls. They have a table of routes of their own, so that neither port serves the other's paths.
    /// </summary>
    /// <returns>Serves gRPC-Web, which pages do make, behind those guards.</returns>
    public static Action Use(IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<IOptions<ApiOptions>>().Value.Grpc;

        // Who makes no call need not wait for the services when the server starts.
        var pipeline = new Lazy<RequestDelegate>(() => Build(app.ApplicationServices, options));
        app.Use(next => context => IsOfPort(context) && !(options.Web && IsOfPage(context))
            ? pipeline.Value(context)
            : next(context));
        return () => app.Use(next => context => IsOfPort(context) || (options.Web && IsWebCall(context))
            ? AnswerPageAsync(context, pipeline.Value)
            : next(context));
    }

    private static RequestDelegate Build(IServiceProvider services, GrpcOptions options)
    {
        var calls = new ApplicationBuilder(services);
        calls.UseRouting();
        if (options.Web)
        {
            calls.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        }

        var time = services.GetRequiredService<TimeProvider>();
        calls.Use(next => new MessageGuard(next, time).InvokeAsync);
        calls.UseEndpoints(endpoints => Map(endpoints, options));
        return calls.Build();
    }

    private static Task AnswerPageAsync(HttpContext context, RequestDelegate pipeline)
    {
        if (context.Request.Headers.Origin.Count > 0)
        {
            context.Response.Headers.AccessControlExposeHeaders = ExposedHeaders;
        }

        return pipeline(context);
    }

    private static void Map(IEndpointRouteBuilder endpoints, GrpcOptions options)
    {
        endpoints.MapGrpcService<InferenceCalls>();
        endpoints.MapGrpcService<EmbeddingCalls>();
        endpoints.MapGrpcService<ModelCalls>();
        endpoints.MapGrpcService<BlobCalls>();
        endpoints.MapGrpcService<TokenizeCalls>();
        endpoints.MapGrpcService<HealthCalls>();
        endpoints.MapGrpcService<OllamaCalls>();
        if (options.Reflection)
        {
            endpoints.MapGrpcReflectionService();
        }
    }

    private static bool IsOfPort(HttpContext context) => context.Features.Get<GrpcPort>() is not null;

    private static bool IsOfPage(HttpContext context) =>
        IsWebCall(context) || HttpMethods.IsOptions(context.Request.Method);

    private static bool IsWebCall(HttpContext context) =>
        context.Request.ContentType?.StartsWith(WebType, StringComparison.OrdinalIgnoreCase) == true;
}
