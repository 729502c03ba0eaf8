using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>The keyboard of the terminal. Ctrl+C is a key here while a line is edited.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command-line program reads from the terminal.")]
internal sealed class TerminalKeys : IKeys
{
    /// <inheritdoc/>
    public bool IsWaiting => Console.KeyAvailable;

    /// <inheritdoc/>
    /// <remarks>A signal would also throw away what has been typed and not read yet.</remarks>
    public IDisposable Take() => new Taken();

    /// <inheritdoc/>
    public ConsoleKeyInfo? Read()
    {
        try
        {
            return Console.ReadKey(intercept: true);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    [SuppressMessage("ApiDesign", "RS0030", Justification = "A command-line program reads from the terminal.")]
    private sealed class Taken : IDisposable
    {
        public Taken() => Console.TreatControlCAsInput = true;

        // While an answer streams, Ctrl+C has to be a signal again.
        public void Dispose() => Console.TreatControlCAsInput = false;
    }
}
