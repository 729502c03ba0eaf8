using System.Globalization;
using System.Text;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>Decodes the escapes of a string literal as Python does; unknown escapes stay as they are.</summary>
internal static class StringLiteral
{
    public static string Decode(ReadOnlySpan<char> literal)
    {
        if (!literal.Contains('\\'))
        {
            return literal.ToString();
        }

        var text = new StringBuilder(literal.Length);
        for (var i = 0; i < literal.Length; i++)
        {
            if (literal[i] == '\\' && i + 1 < literal.Length)
            {
                i += DecodeEscape(literal[(i + 1)..], text);
            }
            else
            {
                text.Append(literal[i]);
            }
        }

        return text.ToString();
    }

    /// <summary>Decodes what follows a backslash; returns how many characters that was.</summary>
    private static int DecodeEscape(ReadOnlySpan<char> rest, StringBuilder text)
    {
        switch (rest[0])
        {
            case '\n':
                return 1;
            case '\\' or '\'' or '"':
                text.Append(rest[0]);
                return 1;
            case >= '0' and <= '7':
                return DecodeOctal(rest, text);
            case 'x':
                return DecodeHex(rest, 2, text);
            case 'u':
                return DecodeHex(rest, 4, text);
            case 'U':
                return DecodeHex(rest, 8, text);
        }

        var index = "abfnrtv".IndexOf(rest[0]);
        if (index < 0)
        {
            text.Append('\\').Append(rest[0]);
        }
        else
        {
            text.Append("\a\b\f\n\r\t\v"[index]);
        }

        return 1;
    }

    private static int DecodeOctal(ReadOnlySpan<char> rest, StringBuilder text)
    {
        var value = 0;
        var length = 0;
        for (; length < 3 && length < rest.Length && rest[length] is >= '0' and <= '7'; length++)
        {
            value = (value * 8) + (rest[length] - '0');
        }

        text.Append((char)value);
        return length;
    }

    private static int DecodeHex(ReadOnlySpan<char> rest, int digits, StringBuilder text)
    {
        if (rest.Length <= digits
            || !uint.TryParse(rest.Slice(1, digits), NumberStyles.AllowHexSpecifier, null, out var code)
            || code > 0x10FFFF)
        {
            text.Append('\\').Append(rest[0]);
            return 1;
        }

        // Half of a surrogate pair may be written on its own and meets its other half in the next escape.
        if (code <= char.MaxValue)
        {
            text.Append((char)code);
        }
        else
        {
            text.Append(new Rune(code).ToString());
        }

        return digits + 1;
    }
}
