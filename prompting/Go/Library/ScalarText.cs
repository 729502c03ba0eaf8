using System.Globalization;
using System.Text;
using Ollama.Platform.Prompting.Go.Values;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>Single values by a verb, without padding.</summary>
internal static class ScalarText
{
    /// <summary>The text; null when the verb does not fit the value.</summary>
    public static string? Of(GoValue value, GoVerb verb) => value switch
    {
        GoBool truth => verb.Letter is 'v' or 't' ? truth.Value ? "true" : "false" : null,
        GoInteger number => OfInteger(number.Value, verb),
        GoFloat number => OfFloat(number.Value, verb),
        GoString text => OfText(text.Value, verb),
        _ => null,
    };

    private static string? OfInteger(long value, GoVerb verb)
    {
        var magnitude = value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
        var digits = verb.Letter switch
        {
            'v' or 'd' => magnitude.ToString(CultureInfo.InvariantCulture),
            'b' => (verb.Sharp ? "0b" : "") + magnitude.ToString("b", CultureInfo.InvariantCulture),
            'o' => (verb.Sharp ? "0" : "") + Octal(magnitude),
            'O' => "0o" + Octal(magnitude),
            'x' => (verb.Sharp ? "0x" : "") + magnitude.ToString("x", CultureInfo.InvariantCulture),
            'X' => (verb.Sharp ? "0X" : "") + magnitude.ToString("X", CultureInfo.InvariantCulture),
            _ => null,
        };
        if (digits is not null)
        {
            return Sign(value < 0, verb) + digits.PadLeft(verb.Precision ?? 0, '0');
        }

        var rune = value is >= 0 and <= int.MaxValue && Rune.IsValid((int)value)
            ? new Rune((int)value)
            : Rune.ReplacementChar;
        return verb.Letter switch
        {
            'c' => rune.ToString(),
            'q' => Character(rune),
            'U' => $"U+{value:X4}",
            _ => null,
        };
    }

    private static string Character(Rune rune) => rune.Value switch
    {
        '\'' => @"'\''",
        '"' => "'\"'",
        _ => $"'{GoText.Quote(rune.ToString())[1..^1]}'",
    };

    private static string? OfFloat(double value, GoVerb verb)
    {
        var text = verb.Letter switch
        {
            'v' or 'g' when verb.Precision is null => GoNumberText.Shortest(value),
            'G' when verb.Precision is null => GoNumberText.Shortest(value).ToUpperInvariant(),
            _ when !double.IsFinite(value) && verb.Letter is 'v' or 'g' or 'G' or 'e' or 'E' or 'f' or 'F' =>
                GoNumberText.Shortest(value),
            'f' or 'F' => value.ToString(
                "F" + (verb.Precision ?? 6).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            'e' => GoNumberText.Scientific(value, verb.Precision ?? 6),
            'E' => GoNumberText.Scientific(value, verb.Precision ?? 6).ToUpperInvariant(),
            'v' or 'g' or 'G' => GoNumberText.General(value, verb.Precision!.Value),
            _ => null,
        };
        return text is null || text.StartsWith('-') || text.StartsWith('+') ? text : Sign(false, verb) + text;
    }

    private static string? OfText(string value, GoVerb verb)
    {
        // The precision counts characters before anything is done to them.
        var text = verb.Precision is { } precision && verb.Letter is 's' or 'v' or 'q'
            ? string.Concat(value.EnumerateRunes().Take(precision))
            : value;
        return verb.Letter switch
        {
            'v' when verb.Sharp => GoText.Quote(text),
            's' or 'v' => text,
            'q' when verb.Sharp && !text.Contains('`', StringComparison.Ordinal) => $"`{text}`",
            'q' => GoText.Quote(text),
            'x' => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
            'X' => Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
            _ => null,
        };
    }

    private static string Sign(bool isNegative, GoVerb verb) =>
        isNegative ? "-" : verb.Plus ? "+" : verb.Space ? " " : "";

    private static string Octal(ulong value)
    {
        var digits = new StringBuilder();
        do
        {
            digits.Insert(0, (char)('0' + (value & 7)));
            value >>= 3;
        }
        while (value > 0);

        return digits.ToString();
    }
}
