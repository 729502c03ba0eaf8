using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Batches;

/// <summary>The routes of OpenAI's files and batches. Refusals are in OpenAI's form.</summary>
internal static class BatchRoutes
{
    private static readonly string[] Get = [HttpMethods.Get];
    private static readonly string[] Post = [HttpMethods.Post];
    private static readonly string[] Delete = [HttpMethods.Delete];

    /// <summary>Registers what answers. The host brings <c>IRecords</c> and <c>IFileContents</c>.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<FileStore>();
        services.AddSingleton<BatchStore>();
        services.AddSingleton<BatchEndpoints>();
        services.AddSingleton<ResultFiles>();
        services.AddSingleton<BatchTask>();
        services.AddSingleton<BatchRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<BatchRunner>());
        services.AddHostedService<FileSweep>();
        services.AddSingleton<FilesRoute>();
        services.AddSingleton<BatchesRoute>();
    }

    /// <summary>Maps them all.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<RouteGuard>();
        var files = services.GetRequiredService<FilesRoute>();
        var batches = services.GetRequiredService<BatchesRoute>();

        void Add(string path, string[] methods, Func<ApiRequest, Task> handle) =>
            endpoints.MapMethods(path, methods, guard.Around(RouteKind.Plain, handle, OpenAiReplies.RefuseAsync));

        const string OneFile = $"/v1/files/{{{FilesRoute.IdKey}}}";
        Add("/v1/files", Post, files.UploadAsync);
        Add("/v1/files", Get, files.ListAsync);
        Add(OneFile, Get, files.FindAsync);
        Add(OneFile, Delete, files.DeleteAsync);
        Add(OneFile + "/content", Get, files.ReadContentAsync);

        const string OneBatch = $"/v1/batches/{{{BatchesRoute.IdKey}}}";
        Add("/v1/batches", Post, batches.CreateAsync);
        Add("/v1/batches", Get, batches.ListAsync);
        Add(OneBatch, Get, batches.FindAsync);
        Add(OneBatch + "/cancel", Post, batches.CancelAsync);
    }
}
