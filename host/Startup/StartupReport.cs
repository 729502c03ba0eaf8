using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Host.Options;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Host.Startup;

/// <summary>Says in a few lines, once the server listens, where it is and what it found.</summary>
internal sealed partial class StartupReport(
    IServer server, ServerOptions options, IRunnerLoader loader, ILibrary library, ILogger<StartupReport> logger)
    : IHostedLifecycleService
{
    /// <summary>Names shown before the list is cut.</summary>
    private const int NamesShownMax = 10;

    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
        var grpc = options.Grpc.Listen is null || addresses.Length < 2 ? null : addresses[^1];
        Log.Listening(
            logger, ServerHost.Version, string.Join(", ", grpc is null ? addresses : addresses[..^1]));
        if (grpc is not null)
        {
            Log.GrpcListening(logger, grpc);
        }

        Log.ModelsDirectory(logger, options.ModelsDirectory);
        // Opens the native library now, and not with the first request: it logs its version and devices.
        _ = loader.ListDevices();
        var models = await library.ListAsync(cancellationToken);
        var names = models.Take(NamesShownMax).Select(model => model.Name.DisplayName);
        Log.Models(logger, models.Count, string.Join(", ", names) + (models.Count > NamesShownMax ? ", …" : ""));
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Log.Stopping(logger, options.GracePeriod);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Ollama.Platform {Version} listens on {Addresses}.")]
        public static partial void Listening(ILogger logger, string version, string addresses);

        [LoggerMessage(LogLevel.Information, "gRPC listens on {Address}.")]
        public static partial void GrpcListening(ILogger logger, string address);

        [LoggerMessage(LogLevel.Information, "Models lie in {Directory}.")]
        public static partial void ModelsDirectory(ILogger logger, string directory);

        [LoggerMessage(LogLevel.Information, "{Count} models found: {Names}.")]
        public static partial void Models(ILogger logger, int count, string names);

        [LoggerMessage(LogLevel.Information, "Stopping: running requests have {Grace} to finish.")]
        public static partial void Stopping(ILogger logger, TimeSpan grace);
    }
}
