using Ollama.Platform.Host.Cli;

namespace Ollama.Platform.FunctionalTests.Cli;

/// <summary>Runs a command of the command line in this process.</summary>
internal static class CommandRun
{
    /// <summary>Runs a command against a server and returns its exit code and what it wrote.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(
        Uri server, string input, params string[] args)
    {
        using var context = new CommandContext
        {
            In = new StringReader(input),
            Out = new StringWriter { NewLine = "\n" },
            Error = new StringWriter { NewLine = "\n" },
            Environment = new Dictionary<string, string> { ["OLLAMA_HOST"] = server.ToString() },
        };
        var code = await CommandLine.RunAsync(args, context, TestContext.Current.CancellationToken);
        return (code, context.Out.ToString()!, context.Error.ToString()!);
    }
}
