using System.CommandLine;
using System.CommandLine.Parsing;
using Ollama.Platform.Host.Cli.Commands;

namespace Ollama.Platform.Host.Cli;

/// <summary>
/// The commands of the executable: the server, and clients of a server, ours or a stock Ollama. Results go to standard
/// output, everything else to standard error.
/// </summary>
internal static class CommandLine
{
    /// <summary>Reads the command line and does what it says.</summary>
    /// <param name="args">The arguments; none means to serve.</param>
    /// <param name="context">Streams, server and environment.</param>
    /// <param name="cancellationToken">Interrupts the command.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, CommandContext context, CancellationToken cancellationToken)
    {
        if (args.Contains("--cluster"))
        {
            await context.Error.WriteLineAsync(
                "--cluster needs the Orleans host, which this build does not have: build it with -p:Orleans=true.");
            return ExitCode.UsageError;
        }

        if (args is [] or ["serve"])
        {
            // Servers are started more often than all commands together, and setting up a parser takes its time.
            return await ServeCommand.RunAsync(context, cancellationToken);
        }

        var root = CommandTree.Build(context);
        var parsed = root.Parse([.. args.Select(CompleteThink)]);
        var complaints = parsed.Errors.Select(error => error.Message).Concat(UnknownOptions(parsed)).ToList();
        if (complaints.Count > 0)
        {
            foreach (var complaint in complaints)
            {
                await context.Error.WriteLineAsync($"Error: {complaint}");
            }

            await context.Error.WriteLineAsync("Try --help.");
            return ExitCode.UsageError;
        }

        return await InvokeAsync(parsed, context, cancellationToken);
    }

    // The words of a prompt are free, and would swallow an option that is spelled wrong.
    private static IEnumerable<string> UnknownOptions(ParseResult parsed) =>
        from token in parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
        where token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal)
        select $"unknown option: {token.Value} (words that begin with \"--\" go behind a \"--\" of their own)";

    // "--think" may stand alone before a prompt, which is not its value.
    private static string CompleteThink(string argument) => argument == "--think" ? "--think=true" : argument;

    private static async Task<int> InvokeAsync(
        ParseResult parsed, CommandContext context, CancellationToken cancellationToken)
    {
        var invocation = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            // The server has a grace period of its own for signals.
            ProcessTerminationTimeout = null,
        };
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var listening = IsServer(parsed) ? null : context.Interrupts?.Listen(() => Interrupt(interrupted));
        try
        {
            return await parsed.InvokeAsync(invocation, interrupted.Token);
        }
        catch (CommandException failure)
        {
            await context.Error.WriteLineAsync($"Error: {failure.Message}");
            return ExitCode.Failure;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync($"Error: {failure.Message}");
            return ExitCode.Failure;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private static bool IsServer(ParseResult parsed) =>
        parsed.CommandResult is { Parent: null } or { Command.Name: "serve" };

    private static void Interrupt(CancellationTokenSource interrupted)
    {
        if (interrupted.IsCancellationRequested)
        {
            // Asked twice: something does not listen.
            Environment.Exit(ExitCode.Interrupted);
        }

        _ = interrupted.CancelAsync();
    }
}
