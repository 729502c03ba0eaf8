using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>Spells texts in GBNF and values in JSON. Pure.</summary>
internal static class GbnfText
{
    /// <summary>A quotation mark of JSON, as a literal.</summary>
    public const string Quote = "\"\\\"\"";

    /// <summary>A text as a GBNF literal.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var character in text)
        {
            AppendEscaped(literal, character, "\"\\");
        }

        return literal.Append('"').ToString();
    }

    /// <summary>A code point as it stands in a character class.</summary>
    public static string OfClass(int codePoint)
    {
        if (codePoint > 0x7E)
        {
            return string.Create(CultureInfo.InvariantCulture, $"\\U{codePoint:X8}");
        }

        var text = new StringBuilder();
        AppendEscaped(text, (char)codePoint, "\\[]-^");
        return text.ToString();
    }

    /// <summary>Alternatives in parentheses; one alone as it is.</summary>
    public static string Choice(IReadOnlyList<string> alternatives) =>
        alternatives.Count == 1 ? alternatives[0] : $"({string.Join(" | ", alternatives)})";

    /// <summary>A count as GBNF writes it behind what is repeated.</summary>
    public static string Times(long min, long? max) => (min, max) switch
    {
        (0, null) => "*",
        (1, null) => "+",
        (0, 1) => "?",
        (1, 1) => "",
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"{{{min},}}"),
        _ when min == max => string.Create(CultureInfo.InvariantCulture, $"{{{min}}}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{{{min},{max}}}"),
    };

    /// <summary>A text as JSON with no more escapes than it needs.</summary>
    public static string JsonText(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var character in text)
        {
            json.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' or '\x7F' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => character.ToString(),
            });
        }

        return json.Append('"').ToString();
    }

    /// <summary>A value as JSON without white space.</summary>
    public static string Json(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonText(value.GetString()!),
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject()
            .Select(member => JsonText(member.Name) + ":" + Json(member.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Json)) + "]",
        _ => value.GetRawText(),
    };

    private static void AppendEscaped(StringBuilder text, char character, string special)
    {
        if (character is < ' ' or '\x7F')
        {
            text.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:X2}");
            return;
        }

        if (special.Contains(character, StringComparison.Ordinal))
        {
            text.Append('\\');
        }

        text.Append(character);
    }
}
