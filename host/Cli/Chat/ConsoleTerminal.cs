using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>The terminal that the program was started on.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command-line program reads from the terminal.")]
internal sealed class ConsoleTerminal : IChatTerminal
{
    private const int ColumnsWithoutTerminal = 80;
    private readonly LineEditor _editor;

    public ConsoleTerminal(TextWriter screen, InputHistory history)
    {
        History = history;
        _editor = new LineEditor(new TerminalKeys(), screen, history, () => Columns);
    }

    /// <inheritdoc/>
    public int Columns => Console.IsOutputRedirected ? ColumnsWithoutTerminal : Console.WindowWidth;

    /// <inheritdoc/>
    public InputHistory History { get; }

    /// <inheritdoc/>
    public LineEditor.Ending ReadLine(string prompt, out string line) => _editor.Read(prompt, out line);

    /// <inheritdoc/>
    public IDisposable OnInterrupt(Action interrupt) => new Interrupt(interrupt);

    private sealed class Interrupt : IDisposable
    {
        private readonly Action _interrupt;

        public Interrupt(Action interrupt)
        {
            _interrupt = interrupt;
            Console.CancelKeyPress += OnPressed;
        }

        public void Dispose() => Console.CancelKeyPress -= OnPressed;

        private void OnPressed(object? sender, ConsoleCancelEventArgs pressed)
        {
            // The answer ends, the chat goes on.
            pressed.Cancel = true;
            _interrupt();
        }
    }
}
