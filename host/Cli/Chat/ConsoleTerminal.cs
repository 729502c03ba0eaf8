using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>The terminal that the program was started on.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command-line program reads from the terminal.")]
internal sealed class ConsoleTerminal : IChatTerminal
{
    private const int ColumnsWithoutTerminal = 80;
    private readonly CommandContext _context;
    private readonly LineEditor _editor;

    public ConsoleTerminal(CommandContext context, InputHistory history)
    {
        (_context, History) = (context, history);
        _editor = new LineEditor(new TerminalKeys(), context.Out, history, () => Columns);
    }

    /// <inheritdoc/>
    public int Columns => Console.IsOutputRedirected ? ColumnsWithoutTerminal : Console.WindowWidth;

    /// <inheritdoc/>
    public InputHistory History { get; }

    /// <inheritdoc/>
    public LineEditor.Ending ReadLine(string prompt, out string line) => _editor.Read(prompt, out line);

    /// <inheritdoc/>
    public IDisposable? OnInterrupt(Action interrupt) => _context.Interrupts?.Listen(interrupt);
}
