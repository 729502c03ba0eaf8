namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>The keys that a person presses; a test presses them itself.</summary>
internal interface IKeys
{
    /// <summary>Whether a key waits. Keys that wait behind Enter were pasted.</summary>
    bool IsWaiting { get; }

    /// <summary>From now on, until the result is disposed, Ctrl+C is a key and no signal.</summary>
    IDisposable Take();

    /// <summary>Waits for the next key; null at the end of the input.</summary>
    ConsoleKeyInfo? Read();
}
