using System.Globalization;
using System.Text;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>The text of a grammar with a place in it; knows blanks, names, characters and how to say where.</summary>
internal sealed class GrammarText(string text)
{
    private const string Escaped = "\\\"[]-^/";

    /// <summary>Index of the next character.</summary>
    public int At { get; private set; }

    /// <summary>Whether everything is read.</summary>
    public bool AtEnd => At == text.Length;

    /// <summary>Whether a line ends here.</summary>
    public bool AtLineEnd => Current is '\r' or '\n';

    /// <summary>The next character, which there must be.</summary>
    public char Current => text[At];

    /// <summary>Whether a character belongs to the name of a rule.</summary>
    public static bool IsOfName(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';

    /// <summary>Takes the next character, which there must be.</summary>
    public char Take() => text[At++];

    /// <summary>Whether a character comes next.</summary>
    public bool Sees(char character) => !AtEnd && Current == character;

    /// <summary>Whether a text comes next.</summary>
    public bool Sees(string expected) => string.CompareOrdinal(text, At, expected, 0, expected.Length) == 0;

    /// <summary>Takes a character if it comes next.</summary>
    public bool TryTake(char character)
    {
        var found = Sees(character);
        At += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes a text that must come next.</summary>
    public void Expect(string expected)
    {
        if (!Sees(expected))
        {
            throw Error($"'{expected}' is expected");
        }

        At += expected.Length;
    }

    /// <summary>Skips blanks and comments.</summary>
    public void SkipBlank(bool overLines)
    {
        while (!AtEnd && (Current is ' ' or '\t' or '#' || (overLines && AtLineEnd)))
        {
            if (Take() == '#')
            {
                while (!AtEnd && !AtLineEnd)
                {
                    At++;
                }
            }
        }
    }

    /// <summary>Takes the name of a rule.</summary>
    public string Name()
    {
        var start = At;
        while (!AtEnd && IsOfName(Current))
        {
            At++;
        }

        return At > start ? text[start..At] : throw Error("the name of a rule is expected");
    }

    /// <summary>Takes digits, as many as there are.</summary>
    public string Digits()
    {
        var start = At;
        while (!AtEnd && char.IsAsciiDigit(Current))
        {
            At++;
        }

        return text[start..At];
    }

    /// <summary>Takes a character of a literal or class, escaped or as it is.</summary>
    /// <param name="start">Where the literal or class begins, which is blamed for a missing end.</param>
    /// <param name="unended">What to say then.</param>
    public int Character(int start, string unended)
    {
        if (AtEnd)
        {
            throw Error(unended, start);
        }

        var at = At;
        if (Current != '\\')
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(At), out var rune, out var length)
                != System.Buffers.OperationStatus.Done)
            {
                throw Error("half of a surrogate pair is no character");
            }

            At += length;
            return rune.Value;
        }

        At++;
        if (AtEnd)
        {
            throw Error(unended, start);
        }

        var letter = Take();
        return letter switch
        {
            'x' => Hexadecimal(2, at),
            'u' => Hexadecimal(4, at),
            'U' => Hexadecimal(8, at),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            _ when Escaped.Contains(letter, StringComparison.Ordinal) => letter,
            _ => throw Error($"'\\{letter}' is no escape", at),
        };
    }

    /// <summary>The next character as it can be shown.</summary>
    public string Show() => char.IsControl(Current) ? $"U+{(int)Current:X4}" : Current.ToString();

    /// <summary>Says what is wrong here.</summary>
    public GrammarSyntaxException Error(string message) => Error(message, At);

    /// <summary>Says what is wrong at a place.</summary>
    public GrammarSyntaxException Error(string message, int at)
    {
        var before = text.AsSpan(0, at);
        var line = before.Count('\n') + 1;
        return new GrammarSyntaxException(message, line, at - before.LastIndexOf('\n'));
    }

    private int Hexadecimal(int length, int at)
    {
        if (At + length > text.Length
            || !uint.TryParse(
                text.AsSpan(At, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw Error($"{length} hexadecimal digits are expected after the escape", at);
        }

        At += length;
        return Rune.IsValid(value) ? (int)value : throw Error($"U+{value:X4} is no character", at);
    }
}
