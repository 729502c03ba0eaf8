using Ollama.Platform.Host.Cli.Chat;

namespace Ollama.Platform.UnitTests.Host.Cli;

/// <summary>Keys that were pressed before anybody read them; those of one group arrive together, as pasted.</summary>
internal sealed class ScriptedKeys : IKeys
{
    private readonly Queue<(ConsoleKeyInfo Key, bool MoreFollow)> _keys = new();

    /// <inheritdoc/>
    public bool IsWaiting { get; private set; }

    /// <summary>Types text, one key after the other.</summary>
    public ScriptedKeys Type(string text)
    {
        foreach (var character in text)
        {
            Press(KeyOf(character), character);
        }

        return this;
    }

    /// <summary>Pastes text: its keys arrive together with the next one.</summary>
    public ScriptedKeys Paste(string text)
    {
        foreach (var character in text)
        {
            _keys.Enqueue((new ConsoleKeyInfo(character, KeyOf(character), false, false, false), true));
        }

        return this;
    }

    /// <summary>Presses one key.</summary>
    public ScriptedKeys Press(ConsoleKey key, char character = '\0', ConsoleModifiers modifiers = 0)
    {
        _keys.Enqueue((new ConsoleKeyInfo(
            character, key, modifiers.HasFlag(ConsoleModifiers.Shift), modifiers.HasFlag(ConsoleModifiers.Alt),
            modifiers.HasFlag(ConsoleModifiers.Control)), false));
        return this;
    }

    /// <summary>Presses a letter with Ctrl.</summary>
    public ScriptedKeys Control(ConsoleKey key) => Press(key, modifiers: ConsoleModifiers.Control);

    /// <summary>Presses Enter.</summary>
    public ScriptedKeys Enter() => Press(ConsoleKey.Enter, '\r');

    /// <summary>Ctrl+C is a key now.</summary>
    public bool IsTaken { get; private set; }

    /// <inheritdoc/>
    public IDisposable Take()
    {
        IsTaken = true;
        return new Release(this);
    }

    /// <inheritdoc/>
    public ConsoleKeyInfo? Read()
    {
        Assert.True(IsTaken);
        if (!_keys.TryDequeue(out var next))
        {
            IsWaiting = false;
            return null;
        }

        IsWaiting = next.MoreFollow;
        return next.Key;
    }

    private static ConsoleKey KeyOf(char character) => character switch
    {
        '\n' => ConsoleKey.Enter,
        >= 'a' and <= 'z' => ConsoleKey.A + (character - 'a'),
        _ => ConsoleKey.None,
    };

    private sealed class Release(ScriptedKeys keys) : IDisposable
    {
        public void Dispose() => keys.IsTaken = false;
    }
}
