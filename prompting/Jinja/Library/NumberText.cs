using System.Globalization;
using System.Text;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Numbers to text and back as Python writes and reads them.</summary>
internal static class NumberText
{
    /// <summary>The shortest text that reads back as the same number; with exponents where Python has them.</summary>
    public static string Of(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }

        // The framework has the shortest digits, but writes exponents where Python has none and the other way round.
        var scientific = number.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(scientific[(scientific.IndexOf('E') + 1)..], CultureInfo.InvariantCulture);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture).Split('E')[0];
        var digits = string.Concat(shortest.Where(char.IsAsciiDigit)).Trim('0');
        var text = new StringBuilder(double.IsNegative(number) ? "-" : "");
        if (digits.Length == 0)
        {
            return text.Append("0.0").ToString();
        }

        if (exponent is < -4 or >= 16)
        {
            text.Append(digits[0]);
            text.Append(digits.Length > 1 ? "." + digits[1..] : "");
            text.Append(exponent < 0 ? "e-" : "e+");
            return text.Append(CultureInfo.InvariantCulture, $"{Math.Abs(exponent):00}").ToString();
        }

        if (exponent < 0)
        {
            return text.Append("0.").Append('0', -exponent - 1).Append(digits).ToString();
        }

        text.Append(digits.AsSpan(0, Math.Min(exponent + 1, digits.Length)));
        text.Append('0', Math.Max(0, exponent + 1 - digits.Length)).Append('.');
        return text.Append(digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0").ToString();
    }

    /// <summary>
    /// Reads an integer with optional sign, underscores between digits and, for radix 0 or the radix itself, a prefix
    /// such as <c>0x</c>.
    /// </summary>
    public static bool TryParseInteger(string text, int radix, out long value)
    {
        value = 0;
        var digits = PythonSpace.TrimEnd(PythonSpace.TrimStart(text));
        var negative = digits is ['-', ..];
        digits = digits is ['-' or '+', ..] ? digits[1..] : digits;
        var prefixed = digits is ['0', 'x' or 'X', ..] ? 16 : digits is ['0', 'o' or 'O', ..] ? 8
            : digits is ['0', 'b' or 'B', ..] ? 2 : 0;
        if (prefixed != 0 && (radix == 0 || radix == prefixed))
        {
            radix = prefixed;
            digits = digits[2..];
        }

        radix = radix == 0 ? 10 : radix;
        if (digits.IsEmpty || digits[^1] == '_')
        {
            return false;
        }

        foreach (var digit in digits)
        {
            if (digit == '_')
            {
                continue;
            }

            var worth = DigitWorth(digit);
            if (worth >= radix || value > (long.MaxValue - worth) / radix)
            {
                return false;
            }

            value = (value * radix) + worth;
        }

        value = negative ? -value : value;
        return true;
    }

    private static int DigitWorth(char digit) => digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'z' => digit - 'a' + 10,
        >= 'A' and <= 'Z' => digit - 'A' + 10,
        _ => int.MaxValue,
    };

    /// <summary>Reads a float as Python's <c>float()</c> does.</summary>
    public static bool TryParseFloat(string text, out double value)
    {
        var trimmed = PythonSpace.TrimEnd(PythonSpace.TrimStart(text)).ToString();
        if (trimmed.TrimStart('+', '-').ToLowerInvariant() is "inf" or "infinity" or "nan")
        {
            value = trimmed.EndsWith("n", StringComparison.OrdinalIgnoreCase) ? double.NaN
                : trimmed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return double.TryParse(trimmed.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float,
            CultureInfo.InvariantCulture, out value);
    }
}
