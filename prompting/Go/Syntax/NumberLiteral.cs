using System.Globalization;
using System.Numerics;
using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Syntax;

/// <summary>Reads the numbers of the language. Complex numbers are not among them here.</summary>
internal static class NumberLiteral
{
    /// <summary>Reads a number; false when it is not one, or does not fit.</summary>
    public static bool TryParse(string text, out GoValue value)
    {
        value = GoNil.Value;
        var digits = text.TrimStart('+', '-');
        if (text.Length - digits.Length > 1 || digits.Length == 0 || !TryRemoveSeparators(digits, out digits))
        {
            return false;
        }

        var negative = text[0] == '-';
        if (TryParseInteger(digits, out var magnitude))
        {
            var integer = negative ? -magnitude : magnitude;
            if (integer < long.MinValue || integer > long.MaxValue)
            {
                return false;
            }

            value = new GoInteger((long)integer);
            return true;
        }

        if (!digits.All(character => char.IsAsciiDigit(character) || character is '.' or 'e' or 'E' or '+' or '-')
            || !double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || double.IsInfinity(number))
        {
            return false;
        }

        value = new GoFloat(negative ? -number : number);
        return true;
    }

    /// <summary>Reads a character in single quotes, which is a number.</summary>
    public static bool TryParseCharacter(string text, out GoValue value)
    {
        value = GoNil.Value;
        if (!StringLiteral.TryUnquote(text, out var unquoted)
            || unquoted.EnumerateRunes().ToArray() is not [var rune])
        {
            return false;
        }

        value = new GoInteger(rune.Value);
        return true;
    }

    private static bool TryRemoveSeparators(string digits, out string clean)
    {
        clean = digits.Replace("_", "", StringComparison.Ordinal);
        return !digits.EndsWith('_') && !digits.StartsWith('_') && !digits.Contains("__", StringComparison.Ordinal);
    }

    private static bool TryParseInteger(string digits, out BigInteger value)
    {
        value = 0;
        var (radix, start) = digits switch
        {
            ['0', 'x' or 'X', _, ..] => (16, 2),
            ['0', 'o' or 'O', _, ..] => (8, 2),
            ['0', 'b' or 'B', _, ..] => (2, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };

        // Nothing longer fits into 64 bits.
        const int DigitsMax = 66;
        if (digits.Length > DigitsMax)
        {
            return false;
        }

        foreach (var character in digits.AsSpan(start))
        {
            var digit = char.IsAsciiHexDigit(character) ? Convert.ToInt32(character.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return false;
            }

            value = (value * radix) + digit;
        }

        return true;
    }
}
