using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ollama.Platform.Api.GoJson;

/// <summary>Quotes text as Go's <c>%q</c> does, for error messages that repeat what the client sent.</summary>
internal static class GoText
{
    /// <summary>The text between double quotes, with everything escaped that does not print.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            AppendRune(quoted, rune);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>One byte of JSON text as Go's syntax errors show it: <c>'x'</c>, <c>'\''</c>, <c>'\x00'</c>.</summary>
    public static string QuoteByte(byte octet)
    {
        if (octet == '\'')
        {
            return @"'\''";
        }

        if (octet == '"')
        {
            return "'\"'";
        }

        var quoted = new StringBuilder("'");
        AppendRune(quoted, new Rune((char)octet));
        return quoted.Append('\'').ToString();
    }

    /// <summary>What Go's <c>%T</c> calls a JSON value that was read without a type.</summary>
    public static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "map[string]interface {}",
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "float64",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "<nil>",
    };

    private static void AppendRune(StringBuilder quoted, Rune rune)
    {
        _ = rune.Value switch
        {
            '"' => quoted.Append("\\\""),
            '\\' => quoted.Append(@"\\"),
            '\a' => quoted.Append(@"\a"),
            '\b' => quoted.Append(@"\b"),
            '\f' => quoted.Append(@"\f"),
            '\n' => quoted.Append(@"\n"),
            '\r' => quoted.Append(@"\r"),
            '\t' => quoted.Append(@"\t"),
            '\v' => quoted.Append(@"\v"),
            < ' ' or 0x7f => quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
            _ when IsPrinted(rune) => quoted.Append(rune.ToString()),
            < 0x10000 => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
            _ => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
        };
    }

    // Of the separators Go prints the ASCII space alone.
    private static bool IsPrinted(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune)
        is < UnicodeCategory.SpaceSeparator
        or (> UnicodeCategory.PrivateUse and < UnicodeCategory.OtherNotAssigned);
}
