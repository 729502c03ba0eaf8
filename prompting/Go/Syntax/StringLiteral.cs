using System.Globalization;
using System.Text;

namespace Ollama.Platform.Prompting.Go.Syntax;

/// <summary>Reads the quoted texts of the language.</summary>
internal static class StringLiteral
{
    /// <summary>Takes quotes and escapes away; false when an escape is not one of Go's.</summary>
    public static bool TryUnquote(string quoted, out string text)
    {
        text = "";
        if (quoted.Length < 2 || quoted[^1] != quoted[0])
        {
            return false;
        }

        if (quoted[0] == '`')
        {
            // Raw texts hold no carriage returns.
            text = quoted[1..^1].Replace("\r", "", StringComparison.Ordinal);
            return true;
        }

        // Escapes can name single bytes, so the text is put together as UTF-8.
        var bytes = new List<byte>(quoted.Length);
        for (var at = 1; at < quoted.Length - 1;)
        {
            if (quoted[at] != '\\')
            {
                Rune.DecodeFromUtf16(quoted.AsSpan(at), out var rune, out var length);
                Append(bytes, rune);
                at += length;
            }
            else if (!TryReadEscape(quoted, ref at, bytes))
            {
                return false;
            }
        }

        text = Encoding.UTF8.GetString([.. bytes]);
        return true;
    }

    private static bool TryReadEscape(string quoted, ref int at, List<byte> bytes)
    {
        var letter = quoted[at + 1];
        at += 2;
        switch (letter)
        {
            case 'x':
                return TryReadByte(quoted, ref at, 2, 16, bytes);
            case >= '0' and <= '7':
                at--;
                return TryReadByte(quoted, ref at, 3, 8, bytes);
            case 'u' or 'U':
                if (!TryReadNumber(quoted, ref at, letter == 'u' ? 4 : 8, 16, out var value)
                    || !Rune.IsValid(value))
                {
                    return false;
                }

                Append(bytes, new Rune(value));
                return true;
            default:
                var index = "abfnrtv\\'\"".IndexOf(letter, StringComparison.Ordinal);
                if (index < 0 || (letter is '\'' or '"' && letter != quoted[0]))
                {
                    return false;
                }

                bytes.Add((byte)"\a\b\f\n\r\t\v\\'\""[index]);
                return true;
        }
    }

    private static bool TryReadByte(string quoted, ref int at, int length, int radix, List<byte> bytes)
    {
        if (!TryReadNumber(quoted, ref at, length, radix, out var value) || value > byte.MaxValue)
        {
            return false;
        }

        bytes.Add((byte)value);
        return true;
    }

    private static bool TryReadNumber(string quoted, ref int at, int length, int radix, out int value)
    {
        value = 0;
        if (at + length > quoted.Length - 1)
        {
            return false;
        }

        foreach (var character in quoted.AsSpan(at, length))
        {
            if (!int.TryParse([character], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var digit)
                || digit >= radix || value > (int.MaxValue >> 4))
            {
                return false;
            }

            value = (value * radix) + digit;
        }

        at += length;
        return true;
    }

    private static void Append(List<byte> bytes, Rune rune)
    {
        Span<byte> encoded = stackalloc byte[4];
        bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
    }
}
