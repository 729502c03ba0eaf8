namespace Ollama.Platform.Prompting.Modelfiles;

/// <summary>A position in the text of a Modelfile.</summary>
internal sealed class ModelfileReader(string text)
{
    private const string LongQuote = "\"\"\"";
    private const string ShortQuote = "\"";

    private int _at;

    /// <summary>Whether the next character separates words within a line.</summary>
    public bool IsAtBlank => _at < text.Length && IsBlank(text[_at]);

    public static ModelfileException UnexpectedEnd() => new("unexpected EOF");

    public ModelfileException Error(string message)
    {
        var line = 1 + text.AsSpan(0, _at).Count('\n');
        return new($"(line {line}): {message}");
    }

    /// <summary>Moves past blank lines and comments; false at the end.</summary>
    public bool MoveToCommand()
    {
        while (_at < text.Length)
        {
            if (text[_at] == '#')
            {
                _at = LineEnd(_at);
            }
            else if (IsBlank(text[_at]) || IsLineBreak(text[_at]))
            {
                _at++;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the next word of a line; empty when the line has no more.</summary>
    public string ReadWord(Func<char, bool> belongs)
    {
        SkipBlanks();
        var start = _at;
        while (_at < text.Length && belongs(text[_at]))
        {
            _at++;
        }

        return text[start.._at];
    }

    /// <summary>Reads the rest of the line, or a quoted text that may go over several.</summary>
    public string ReadValue()
    {
        SkipBlanks();
        foreach (var quote in new[] { LongQuote, ShortQuote })
        {
            if (text.AsSpan(_at).StartsWith(quote, StringComparison.Ordinal))
            {
                return ReadQuoted(quote);
            }
        }

        var end = LineEnd(_at);
        var value = ModelfileText.Visible(text.AsSpan(_at, end - _at).Trim(" \t")).Trim();
        if (value.Length == 0)
        {
            throw UnexpectedEnd();
        }

        _at = end;
        return value;
    }

    // There are no escapes: a quote ends the text only where the line ends too.
    private string ReadQuoted(string quote)
    {
        var start = _at + quote.Length;
        for (var at = start; (at = text.IndexOf(quote, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var end = at + quote.Length;
            while (end < text.Length && IsBlank(text[end]))
            {
                end++;
            }

            if (end == text.Length || IsLineBreak(text[end]))
            {
                _at = end;
                return text[start..at];
            }
        }

        throw UnexpectedEnd();
    }

    private void SkipBlanks()
    {
        while (IsAtBlank)
        {
            _at++;
        }
    }

    private int LineEnd(int start)
    {
        var length = text.AsSpan(start).IndexOfAny('\r', '\n');
        return length < 0 ? text.Length : start + length;
    }

    private static bool IsBlank(char character) => character is ' ' or '\t';

    private static bool IsLineBreak(char character) => character is '\r' or '\n';
}
