using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Ollama.Platform.Api;
using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Host.Cli.Commands;
using Ollama.Platform.Host.Connections;
using Ollama.Platform.Host.Options;
using Ollama.Platform.Host.Startup;
using Ollama.Platform.Inference;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Silo.Library;
using Ollama.Platform.Silo.Local;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.Silo.Records;

namespace Ollama.Platform.Host;

/// <summary>Puts the parts together to the one process that is API, silo and store.</summary>
internal static class ServerHost
{
    /// <summary>Version of the product, as <c>/api/version</c> says it.</summary>
    public static string Version { get; } = typeof(ServerHost).Assembly.GetName().Version!.ToString(fieldCount: 3);

    /// <summary>The commit of the build, where the build knew it.</summary>
    private static string Commit { get; } =
        typeof(ServerHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+') is [_, var commit, ..] ? commit : "unknown";

    /// <summary>The machine or pod, as headers can carry it.</summary>
    private static string EndpointName { get; } =
        Environment.MachineName is { Length: > 0 } name && !name.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? name.ToLowerInvariant()
            : "local";

    // Longer than a probe waits, so that a slow disk is the probe's to judge.
    private static TimeSpan StoreLookTimeMax { get; } = TimeSpan.FromSeconds(5);

    private static TimeSpan UnloadTimeMax { get; } = TimeSpan.FromSeconds(20);

    private static TimeSpan PingPeriod { get; } = TimeSpan.FromSeconds(30);

    // More than the queue holds by default, with room for those that watch.
    private const int StreamCountMax = 1024;

    private static string ShippedModelsDirectory { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>
    /// Builds the application, which begins to load the models to preload; it does not listen before it is started.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="configure">Lets tests replace parts.</param>
    public static WebApplication Build(ServerOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        // Without files of settings, which would be sought and watched, and the framework's own variables.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddMetrics();
        AddLogging(builder, options.DebugLevel);
        AddServer(builder, options);
        AddPlatform(builder.Services, options);
        configure?.Invoke(builder);

        var app = builder.Build();
        BeginWork(app.Services);
        app.UseApi();
        app.MapApi();
        return app;
    }

    // Finding the native library takes as long as mapping the routes, and there is a second core. Whoever needs it
    // first waits for this, or finds what failed for himself.
    private static void BeginWork(IServiceProvider services) => _ = Task.Run(() =>
    {
        _ = services.GetRequiredService<IRunnerLoader>();
        return services.GetService<Preload>()?.RunAsync() ?? Task.CompletedTask;
    });

    private static void AddLogging(WebApplicationBuilder builder, int debugLevel)
    {
        builder.Logging.ClearProviders();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        builder.Logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        builder.Logging.SetMinimumLevel(
            debugLevel switch { 0 => LogLevel.Information, 1 => LogLevel.Debug, _ => LogLevel.Trace });

        // The framework's own lines are noise beside ours: StartupReport says where the server listens.
        var others = debugLevel > 1 ? LogLevel.Debug : LogLevel.Warning;
        builder.Logging.AddFilter("Microsoft", others);
        builder.Logging.AddFilter("Grpc", others);

        // Logged or not, it would make an activity and a scope for each request, which nobody reads.
        builder.Logging.AddFilter(
            "Microsoft.AspNetCore.Hosting.Diagnostics", debugLevel > 1 ? LogLevel.Debug : LogLevel.None);

        // What our own guard does not see and note are frames that are no messages: anybody can send those.
        builder.Logging.AddFilter(
            "Grpc.AspNetCore.Server.ServerCallHandler", debugLevel > 0 ? LogLevel.Debug : LogLevel.None);

        // A probe comes every second; the route notes changes alone.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    private static void AddServer(WebApplicationBuilder builder, ServerOptions options)
    {
        Endpoints.Add(builder, options);
        BlockPoolFactory.Add(builder.Services);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeadersTotalSize = options.Requests.HeaderBytesMax;
            kestrel.Limits.MaxRequestBufferSize =
                Math.Max(kestrel.Limits.MaxRequestBufferSize ?? 0, options.Requests.HeaderBytesMax);

            // What lies between cuts connections that say nothing; a ping costs 17 bytes.
            kestrel.Limits.Http2.KeepAlivePingDelay = PingPeriod;

            // Clients of gRPC have one connection, and those of their calls that find no room on it wait there unseen.
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamCountMax;
        });

        // The grace period is the silo's to keep; what it takes to end and unload comes on top, or the host would
        // take a stop that used the period up for a failed one.
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = options.GracePeriod + UnloadTimeMax);
    }

    private static void AddPlatform(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddBlobStore(store =>
        {
            store.Directory = options.ModelsDirectory;
            store.Prunes = options.Prunes;
        });
        services.AddFileRecords();
        services.AddRegistryClient(registry =>
        {
            registry.DefaultRegistry = options.Registry.Default ?? registry.DefaultRegistry;
            registry.Mirrors = options.Registry.Mirrors;
            registry.InsecureHosts = options.Registry.InsecureHosts;
            registry.BytesPerSecondMax = options.Registry.BytesPerSecondMax;
            registry.BytesPerSecondMin = options.Registry.BytesPerSecondMin;
            registry.CredentialsFile = options.Registry.CredentialsFile;
            registry.ProgramFolders = options.Registry.ProgramFolders;
            registry.KeyFile = options.Registry.KeyFile;
        });
        services.AddSingleton<BlobPath>(provider => digest =>
            provider.GetRequiredService<BlobFiles>().TryGetPath(digest, out var path) ? path : null);
        services.AddLocalLibrary(library =>
        {
            library.ShippedModelsDirectory = options.ShippedModels ? ShippedModelsDirectory : null;
            library.GoTemplates = options.GoTemplates;
        });
        services.Configure<ModelSupplyOptions>(supply =>
        {
            supply.PulledOnDemand = options.PulledOnDemand;
            supply.WaitingCountMax = options.QueueLengthMax;
        });
        services.AddLlamaEngine(engine => engine.LibraryPath = options.LibraryPath);
        services.AddEngineQuantization();
        services.AddInference(runner =>
        {
            runner.Kind = options.Runner;
            runner.StepTimeMax = options.StepTimeout;
            runner.Command = RunnerCommand.CommandLine;
            runner.LibraryPath = options.LibraryPath;
        });
        services.AddLocalSilo(silo =>
        {
            silo.KeepAlive = options.KeepAlive;
            silo.LoadTimeout = options.LoadTimeout;
            silo.SlotCount = options.NumParallel;
            silo.TokenDelayMax = options.TokenDelayMax;
            silo.PrefixCacheMebibytes = options.PrefixCacheMebibytes;
            silo.LoadedModelCountMax = options.MaxLoadedModels;
            silo.QueueLengthMax = options.QueueLengthMax;
            silo.ContextTokens = options.ContextTokens;
            silo.KeyValueType = options.KeyValueType;
            silo.FlashAttention = options.FlashAttention;
            silo.CacheUnified = options.CacheUnified;
            silo.GpusSpread = options.GpusSpread;
            silo.GpuOverheadBytes = options.GpuOverheadBytes;
            silo.ShutdownGrace = options.GracePeriod;
        });
        AddInterface(services, options);
    }

    private static void AddInterface(IServiceCollection services, ServerOptions options)
    {
        services.AddApi(api =>
        {
            api.Version = Version;
            api.Origins = options.Origins;
            api.LoopbackBound = options.Listen.IsLoopback && options.OllaListen?.IsLoopback != false;
            api.Olla = options.Olla;
            api.TrustedProxies = options.TrustedProxies;
            api.EndpointName = EndpointName;
            api.Commit = Commit;
            api.Registry = options.Registry.Serve;
            api.Grpc.MessageBytesMax = options.Grpc.MessageBytesMax;
            api.Grpc.AnswersCompressed = options.Grpc.AnswersCompressed;
            api.Grpc.Web = options.Grpc.Web;
            api.Grpc.Reflection = options.Grpc.Reflection;
            api.Responses.KeepTime = options.ResponseKeepTime == Timeout.InfiniteTimeSpan
                ? TimeSpan.MaxValue
                : options.ResponseKeepTime;
            api.Responses.GracePeriod = options.GracePeriod;
            api.Batches.ConcurrencyMax = Math.Max(1, options.BatchParallel);
            api.Batches.AllFileBytesMax = options.FilesMebibytes * 1024L * 1024;
            api.Responses.BytesMax = Math.Max(1, options.ResponseMebibytes * 1024L * 1024);
            api.BodyBytesMax = options.Requests.BodyBytesMax;
            api.MessageCountMax = options.Requests.MessageCountMax;
            api.ImageCountMax = options.Requests.ImageCountMax;
            api.ImageBytesMax = options.Requests.ImageBytesMax;
            api.HeartbeatInterval = options.Requests.HeartbeatInterval;
        });
        services.AddHealthChecks().AddCheck<StoreReadable>(
            "store", failureStatus: null, tags: [ApiHosting.ReadyTag], timeout: StoreLookTimeMax);
        services.AddHostedService<StartupReport>();
        if (options.PreloadedModels.Count > 0)
        {
            services.AddSingleton<Preload>();
            services.AddHealthChecks().AddCheck<Preload>("models", tags: [ApiHosting.ReadyTag]);
        }
    }
}
