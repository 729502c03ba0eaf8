using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>The keyboard of the terminal. Ctrl+C is a key here while a line is edited.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command-line program reads from the terminal.")]
internal sealed class TerminalKeys : IKeys
{
    /// <inheritdoc/>
    public bool IsWaiting => Console.KeyAvailable;

    /// <inheritdoc/>
    public ConsoleKeyInfo? Read()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
        finally
        {
            // While an answer streams, Ctrl+C has to be a signal again.
            Console.TreatControlCAsInput = false;
        }
    }
}
