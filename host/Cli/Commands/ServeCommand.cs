using Ollama.Platform.Host.Options;
using Ollama.Platform.Host.Startup;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Host.Cli.Commands;

/// <summary>Runs the server until a signal stops it.</summary>
internal static partial class ServeCommand
{
    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var reader = new EnvironmentReader(context.Environment);
        try
        {
            ListenAddress? taken = null;
            var options = reader.Read();
            var app = ServerHost.Build(Endpoints.WithoutTakenGrpc(options, address => taken = address));
            await using (app)
            {
                var stopping = app.Lifetime.ApplicationStopping;
                if (options.PreloadedModels.Count == 0)
                {
                    _ = Task.Run(() => Rehearsal.RunAsync(app.Services, stopping), cancellationToken);
                }

                if (taken is not null)
                {
                    Log.GrpcTaken(app.Logger, taken);
                }

                foreach (var warning in reader.Warnings)
                {
                    Log.Setting(app.Logger, warning);
                }

                await app.StartAsync(cancellationToken);
                await FirstRequest.SendAsync(app.Urls, stopping);
                await app.WaitForShutdownAsync(cancellationToken);
                return ExitCode.Success;
            }
        }
        catch (Exception failure) when (IsStartFailure(failure))
        {
            await context.Error.WriteLineAsync(failure.Message);
            return ExitCode.Failure;
        }
    }

    /// <summary>
    /// What an operator can mend: a setting, an address in use, a folder without access, a missing library.
    /// </summary>
    private static bool IsStartFailure(Exception failure) =>
        failure is SettingException or IOException or UnauthorizedAccessException or EngineLoadException;

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "gRPC is off: {Address} is taken. OLLAMA_GRPC_HOST names another address, or off.")]
        public static partial void GrpcTaken(ILogger logger, ListenAddress address);

        [LoggerMessage(LogLevel.Warning, "{Warning}")]
        public static partial void Setting(ILogger logger, string warning);
    }
}
