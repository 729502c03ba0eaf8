namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>The terminal of a chat: lines in, and a way to interrupt an answer.</summary>
internal interface IChatTerminal
{
    /// <summary>Columns of the screen.</summary>
    int Columns { get; }

    /// <summary>What was typed before.</summary>
    InputHistory History { get; }

    /// <summary>Reads a line.</summary>
    LineEditor.Ending ReadLine(string prompt, out string line);

    /// <summary>
    /// Calls back when the person presses Ctrl+C, until disposed; whoever asked before is not told meanwhile.
    /// </summary>
    IDisposable? OnInterrupt(Action interrupt);
}
