using System.Runtime.InteropServices;
using Ollama.Platform.Inference.Runner.Child;

namespace Ollama.Platform.Host.Cli.Commands;

/// <summary>
/// Carries one model for a server on this machine. The server starts it and nobody else should, so the help does not
/// list it.
/// </summary>
internal static class RunnerCommand
{
    /// <summary>The word that the command line begins with.</summary>
    public const string Name = "runner";

    /// <summary>The command line that starts a runner, without the address that ends it.</summary>
    public static IReadOnlyList<string> CommandLine
    {
        get
        {
            var program = typeof(RunnerCommand).Assembly.Location;
            var running = Environment.ProcessPath ?? "dotnet";
            var isItself = Path.GetFileNameWithoutExtension(running) == Path.GetFileNameWithoutExtension(program);

            // Published as one file there is no assembly on disk; started by dotnet, or by a test, the program is not
            // the one that is running.
            return program.Length == 0 || isItself ? [running, Name]
                : [Path.GetFileNameWithoutExtension(running) == "dotnet" ? running : "dotnet", program, Name];
        }
    }

    /// <summary>Serves the server that listens at an address until it leaves.</summary>
    public static async Task<int> RunAsync(string address)
    {
        // A terminal and a service manager signal the whole group; when a runner ends is its server's decision.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ignore);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ignore);
        return await RunnerProgram.RunAsync(address) ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;
}
