using System.Text;

namespace Ollama.Platform.Inference.Sequences;

/// <summary>
/// Turns the bytes of tokens into whole characters, off the decode thread. Bytes that may become a stop sequence are
/// held back; bytes that are not UTF-8 become U+FFFD. One reader at a time.
/// </summary>
internal sealed class SequenceText
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _text = new();
    private byte[] _pending = new byte[64];
    private char[] _characters = new char[64];
    private int _pendingCount;

    /// <summary>Appends the bytes of a token, of which the last ones (and earlier ones) stay held.</summary>
    /// <param name="piece">Bytes of the token.</param>
    /// <param name="heldBytes">Last bytes of everything appended so far that must not be released.</param>
    public void Append(ReadOnlySpan<byte> piece, int heldBytes)
    {
        if (_pendingCount + piece.Length > _pending.Length)
        {
            Array.Resize(ref _pending, Math.Max(_pendingCount + piece.Length, 2 * _pending.Length));
        }

        piece.CopyTo(_pending.AsSpan(_pendingCount));
        _pendingCount += piece.Length;
        Release(_pendingCount - heldBytes, flush: false);
    }

    /// <summary>
    /// The stop sequence that the held bytes begin with; null for none. Of two the shorter one was complete first.
    /// </summary>
    public string? FindStop(IReadOnlyList<string> stops)
    {
        string? found = null;
        foreach (var stop in stops)
        {
            if (stop.Length > 0 && (found is null || stop.Length < found.Length)
                && _pending.AsSpan(0, _pendingCount).StartsWith(Encoding.UTF8.GetBytes(stop)))
            {
                found = stop;
            }
        }

        return found;
    }

    /// <summary>Ends the text: drops what is held when a stop sequence matched, releases it otherwise.</summary>
    public void Finish(bool stopMatched)
    {
        if (stopMatched)
        {
            _pendingCount = 0;
        }

        Release(_pendingCount, flush: true);
    }

    /// <summary>Takes the characters that were released since the last call.</summary>
    public string Take()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    private void Release(int count, bool flush)
    {
        if (count <= 0 && !flush)
        {
            return;
        }

        var bytes = _pending.AsSpan(0, Math.Max(count, 0));
        // A byte may complete an invalid beginning of up to three bytes, each of which becomes a character.
        var charactersMax = bytes.Length + 4;
        if (_characters.Length < charactersMax)
        {
            _characters = new char[charactersMax];
        }

        var written = _decoder.GetChars(bytes, _characters, flush);
        _text.Append(_characters, 0, written);
        _pendingCount -= bytes.Length;
        _pending.AsSpan(bytes.Length, _pendingCount).CopyTo(_pending);
    }
}
