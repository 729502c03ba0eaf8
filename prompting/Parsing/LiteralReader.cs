using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads values as models write them outside JSON: Python literals, and texts between a family's own marks.
/// </summary>
/// <param name="text">What to read.</param>
/// <param name="style">What the family allows.</param>
internal sealed class LiteralReader(string text, LiteralStyle style)
{
    private const int DepthMax = 64;
    private const string WordEnds = ",}])";

    /// <summary>Where the next character stands.</summary>
    public int At { get; set; }

    /// <summary>Everything has been read.</summary>
    public bool IsAtEnd => At >= text.Length;

    /// <summary>The character ends a value that is a word without marks.</summary>
    public static bool EndsWord(char character) => WordEnds.Contains(character, StringComparison.Ordinal);

    /// <summary>Skips white space; true when the character follows, which is skipped, too.</summary>
    public bool Skip(char character)
    {
        SkipSpace();
        if (IsAtEnd || text[At] != character)
        {
            return false;
        }

        At++;
        return true;
    }

    /// <summary>The character comes next, but for white space.</summary>
    public bool IsNext(char character)
    {
        SkipSpace();
        return !IsAtEnd && text[At] == character;
    }

    /// <summary>Skips white space.</summary>
    public void SkipSpace()
    {
        while (!IsAtEnd && char.IsWhiteSpace(text[At]))
        {
            At++;
        }
    }

    /// <summary>Reads up to the character, which is skipped; null when it does not follow.</summary>
    public string? ReadUntil(char character)
    {
        var end = text.IndexOf(character, At);
        if (end < 0)
        {
            return null;
        }

        var read = text[At..end];
        At = end + 1;
        return read.Trim();
    }

    /// <summary>Reads one value.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="isText">The schema says that it is a text.</param>
    /// <param name="depth">How deep it is nested.</param>
    /// <exception cref="OutputFormatException">It is no value.</exception>
    public void Write(Utf8JsonWriter writer, bool isText, int depth = 0)
    {
        SkipSpace();
        if (depth > DepthMax || IsAtEnd)
        {
            throw Broken();
        }

        if (TryReadText() is { } value)
        {
            writer.WriteStringValue(value);
        }
        else if (text[At] == '{' && Skip('{'))
        {
            WriteEntries(writer, depth);
        }
        else if (text[At] == '[' && Skip('['))
        {
            WriteItems(writer, depth);
        }
        else
        {
            WriteBare(writer, isText);
        }
    }

    private void WriteEntries(Utf8JsonWriter writer, int depth)
    {
        writer.WriteStartObject();
        while (!Skip('}') && !EndsEarly())
        {
            var name = TryReadText();
            if (name is null ? (name = ReadUntil(':')) is null : !Skip(':'))
            {
                throw Broken();
            }

            writer.WritePropertyName(name);
            Write(writer, isText: false, depth + 1);
            if (!Skip(',') && !IsAtEnd && !IsNext('}'))
            {
                throw Broken();
            }
        }

        writer.WriteEndObject();
    }

    private void WriteItems(Utf8JsonWriter writer, int depth)
    {
        writer.WriteStartArray();
        while (!Skip(']') && !EndsEarly())
        {
            Write(writer, isText: false, depth + 1);
            if (!Skip(',') && !IsAtEnd && !IsNext(']'))
            {
                throw Broken();
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>The text ends before its bracket does, and the family mends that.</summary>
    private bool EndsEarly()
    {
        SkipSpace();
        return IsAtEnd && (style.IsMended ? true : throw Broken());
    }

    private string? TryReadText()
    {
        SkipSpace();
        if (style.Mark.Length > 0 && text.AsSpan(At).StartsWith(style.Mark, StringComparison.Ordinal))
        {
            return ReadMarked();
        }

        return !IsAtEnd && style.HasQuotes && text[At] is '"' or '\'' ? ReadQuoted(text[At]) : null;
    }

    private string ReadMarked()
    {
        At += style.Mark.Length;
        var end = text.IndexOf(style.Mark, At, StringComparison.Ordinal);
        if (end >= 0)
        {
            var read = text[At..end];
            At = end + style.Mark.Length;
            return read;
        }

        if (!style.IsMended)
        {
            throw Broken();
        }

        // The brackets at the very end are the call's, not the text's.
        var rest = text[At..];
        var length = rest.AsSpan().TrimEnd("}] \n").Length;
        var value = rest[..(length - TagSearch.HeldLength(rest.AsSpan(0, length), [style.Mark]))];
        At += length;
        return value;
    }

    private string ReadQuoted(char quote)
    {
        var value = new StringBuilder();
        for (At++; At < text.Length; At++)
        {
            if (text[At] == quote)
            {
                At++;
                return value.ToString();
            }

            if (text[At] == '\\' && At + 1 < text.Length)
            {
                _ = style.DecodesEscapes ? value.Append(Decode(text[At + 1])) : value.Append('\\').Append(text[At + 1]);
                At++;
                continue;
            }

            value.Append(text[At]);
        }

        throw Broken();
    }

    /// <summary>What a backslash and the character mean, in a family that decodes them.</summary>
    public static string Decode(char escaped) => escaped switch
    {
        'n' => "\n",
        't' => "\t",
        'r' => "\r",
        '\\' or '"' or '\'' => escaped.ToString(),
        _ => "\\" + escaped,
    };

    private void WriteBare(Utf8JsonWriter writer, bool isText)
    {
        var end = text.AsSpan(At).IndexOfAny(WordEnds);
        var word = (end < 0 ? text.AsSpan(At) : text.AsSpan(At, end)).Trim().ToString();
        At = end < 0 ? text.Length : At + end;
        if (isText && style.Mark.Length > 0)
        {
            writer.WriteStringValue(word);
            return;
        }

        switch (word)
        {
            case "true" or "True":
                writer.WriteBooleanValue(true);
                return;
            case "false" or "False":
                writer.WriteBooleanValue(false);
                return;
            case "null" or "None":
                writer.WriteNullValue();
                return;
            default:
                break;
        }

        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            writer.WriteNumberValue(integer);
        }
        else if (word.Length > 0 && (char.IsAsciiDigit(word[0]) || word[0] is '-' or '.' or '+')
            && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(style.HasBareTexts && word.Length > 0 ? word : throw Broken());
        }
    }

    private static OutputFormatException Broken() => new("invalid tool call: a value cannot be read");
}
