using System.Globalization;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Gives the text of a tag-style argument the type that the schema declares. Where several types are declared, the
/// narrowest that the text fits wins; a text that fits none stays a text.
/// </summary>
internal static class TypedArgument
{
    private const NumberStyles IntegerStyle = NumberStyles.AllowLeadingSign;
    private const NumberStyles NumberStyle =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Above this, a double has no fraction and not every whole number has a double.</summary>
    private const double WholeNumberMax = 1L << 53;

    /// <summary>Writes the value; an empty set of types means that nothing was declared.</summary>
    public static void Write(Utf8JsonWriter writer, string text, IReadOnlySet<string> types)
    {
        if (text.Equals("null", StringComparison.OrdinalIgnoreCase))
        {
            writer.WriteNullValue();
            return;
        }

        if (TryWriteBoolean(writer, text, types)
            || TryWriteNumber(writer, text, types)
            || TryWriteJson(writer, text, types))
        {
            return;
        }

        writer.WriteStringValue(text);
    }

    private static bool TryWriteBoolean(Utf8JsonWriter writer, string text, IReadOnlySet<string> types)
    {
        if (!types.Contains("boolean") || (!bool.TryParse(text, out var value) && types.Count > 1))
        {
            return false;
        }

        // Where only a truth value is declared, any other text means false.
        writer.WriteBooleanValue(value);
        return true;
    }

    private static bool TryWriteNumber(Utf8JsonWriter writer, string text, IReadOnlySet<string> types)
    {
        var isInteger = long.TryParse(text, IntegerStyle, CultureInfo.InvariantCulture, out var integer);
        if (isInteger && (types.Contains("integer") || types.Contains("number")))
        {
            writer.WriteNumberValue(integer);
            return true;
        }

        if (!types.Contains("number")
            || !double.TryParse(text, NumberStyle, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number))
        {
            return false;
        }

        if (number == Math.Floor(number) && Math.Abs(number) <= WholeNumberMax)
        {
            writer.WriteNumberValue((long)number);
        }
        else
        {
            writer.WriteNumberValue(number);
        }

        return true;
    }

    private static bool TryWriteJson(Utf8JsonWriter writer, string text, IReadOnlySet<string> types)
    {
        var expected = text.AsSpan().TrimStart() switch
        {
            ['[', ..] when types.Contains("array") => JsonValueKind.Array,
            ['{', ..] when types.Contains("object") => JsonValueKind.Object,
            _ => JsonValueKind.Undefined,
        };
        if (expected == JsonValueKind.Undefined)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            JsonTexts.RefuseBroken(document.RootElement);
            document.RootElement.WriteTo(writer);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
