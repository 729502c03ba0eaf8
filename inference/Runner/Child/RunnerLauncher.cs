using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>
/// Starts <c>ollama-platform runner</c> and lets it connect over a Unix socket in a folder that only this user can
/// enter. The socket takes one connection and is gone after it. The process inherits no other connection: the runtime
/// marks what it opens as closed on exec.
/// </summary>
internal sealed class RunnerLauncher(RunnerOptions options, ILogger<RunnerLauncher> logger) : IRunnerLauncher
{
    /// <inheritdoc/>
    public async Task<IRunnerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ollama-runner-");
        try
        {
            var address = Path.Combine(folder.FullName, "s");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(address));
            listener.Listen(1);
            var process = new RunnerProcess(Start(address), logger);
            try
            {
                await process.ConnectAsync(listener, cancellationToken);
                return process;
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Process Start(string address)
    {
        var start = new ProcessStartInfo(options.Command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            // Nothing attaches to a runner; the runtime would open a socket for it and take longer to start.
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        };
        foreach (var argument in options.Command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add(address);
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("no process was started");
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
        {
            throw new ModelException(
                new Refusal(ModelErrorCode.LoadFailed, null, $"the runner could not be started: {failure.Message}"),
                failure);
        }
    }
}
