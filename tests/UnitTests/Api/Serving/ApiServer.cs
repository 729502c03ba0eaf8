using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Api;
using Ollama.Platform.Api.Grpc;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Files;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Contracts.Records;
using Ollama.Platform.UnitTests.BlobStore;
using Ollama.Platform.UnitTests.Records;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>The real request pipeline over scripted models, without a port.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiServer(WebApplication app, ScriptedLibrary library, ScriptedModels models, RecordingLog log) =>
        (_app, Library, Models, Log, Client) = (app, library, models, log, app.GetTestClient());

    public ScriptedLibrary Library { get; }

    public ScriptedModels Models { get; }

    public RecordingLog Log { get; }

    public HttpClient Client { get; }

    public TestServer Server => _app.GetTestServer();

    /// <summary>The running server's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Begins to stop: the host is told, and goes on answering.</summary>
    public void BeginStop() => _app.Lifetime.StopApplication();

    public static async Task<ApiServer> StartAsync(
        Action<ApiOptions>? configure = null, TimeProvider? time = null, Kept? kept = null,
        Action<IServiceCollection>? services = null)
    {
        var library = new ScriptedLibrary();
        var models = new ScriptedModels(library);
        library.Pull = models.PullAsync;
        time ??= models.Time;
        kept ??= new Kept(new MemoryRecords(time), new MemoryFileContents());
        var log = new RecordingLog();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<ILibrary>(library);
        builder.Services.AddSingleton<IModelSupply>(library);
        builder.Services.AddSingleton<IModels>(models);
        builder.Services.AddSingleton<IBlobs>(new MemoryBlobs(blobBytesMax: 100));
        builder.Services.AddSingleton<IModelCreation>(new ScriptedCreation(library, models));
        builder.Services.AddSingleton<IBlobUploads, MemoryUploads>();
        builder.Services.AddSingleton<IManifests>(new ScriptedManifests(library));
        builder.Services.AddSingleton<IModelTransfers>(new ScriptedTransfers(models));
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IRecords>(kept.Records);
        builder.Services.AddSingleton<IFileContents>(kept.Contents);
        builder.Services.AddApi(options =>
        {
            options.Version = "1.2.3";
            options.MachineName = "Workstation";
            options.IsOwnAddress = address => address.ToString() == "203.0.113.7";
            configure?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        var app = builder.Build();

        // Ports are told apart by their connections, of which there are none here: HTTP/2 stands for the one of gRPC.
        app.Use((context, next) =>
        {
            if (HttpProtocol.IsHttp2(context.Request.Protocol))
            {
                context.Features.Set(GrpcPort.Mark);
            }

            return next(context);
        });
        app.UseApi();
        app.MapApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ApiServer(app, library, models, log);
    }

    /// <summary>A channel for the clients of the gRPC dialect.</summary>
    public GrpcChannel Open() => GrpcChannel.ForAddress(
        Server.BaseAddress,
        new GrpcChannelOptions { HttpHandler = Server.CreateHandler(), MaxReceiveMessageSize = null });

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <summary>What outlives a server.</summary>
    /// <param name="Records">Its records.</param>
    /// <param name="Contents">The bytes of its files.</param>
    internal sealed record Kept(MemoryRecords Records, MemoryFileContents Contents);
}
