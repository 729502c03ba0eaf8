namespace Ollama.Platform.Host.Cli;

/// <summary>Exit codes of the executable.</summary>
internal static class ExitCode
{
    /// <summary>Done, or stopped as asked.</summary>
    public const int Success = 0;

    /// <summary>The server could not start, or the store is damaged.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood, or this build lacks what it asks for.</summary>
    public const int UsageError = 2;

    /// <summary>Ctrl+C, by the convention of shells.</summary>
    public const int Interrupted = 130;
}
