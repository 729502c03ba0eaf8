namespace Ollama.Platform.Host.Cli;

/// <summary>What the command line asks for.</summary>
/// <param name="Command">What to do.</param>
/// <param name="Complaint">Why the command line was not understood; only for <see cref="CliCommand.Refuse"/>.</param>
internal sealed record Arguments(CliCommand Command, string? Complaint = null)
{
    /// <summary>Reads the command line; no argument means to serve.</summary>
    public static Arguments Parse(IReadOnlyList<string> args)
    {
        if (args.Contains("--cluster"))
        {
            return new Arguments(
                CliCommand.Refuse,
                "--cluster needs the Orleans host, which this build does not have: build it with -p:Orleans=true.");
        }

        return args switch
        {
            [] or ["serve"] or ["start"] => new Arguments(CliCommand.Serve),
            ["fsck"] => new Arguments(CliCommand.Check),
            ["--version"] or ["-v"] or ["version"] => new Arguments(CliCommand.Version),
            ["--help"] or ["-h"] or ["help"] => new Arguments(CliCommand.Help),
            _ => new Arguments(CliCommand.Refuse, $"Unknown argument \"{args[0]}\". Try --help."),
        };
    }
}

/// <summary>The commands of the executable.</summary>
internal enum CliCommand
{
    /// <summary>Run the server.</summary>
    Serve,

    /// <summary>Check the store.</summary>
    Check,

    /// <summary>Print the version.</summary>
    Version,

    /// <summary>Print how to use the program.</summary>
    Help,

    /// <summary>Say what is wrong and exit with code 2.</summary>
    Refuse,
}
