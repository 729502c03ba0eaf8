using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
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

    // Escapes no more than JSON asks for; the wire applies its dialect's own rule.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the arguments of a call from texts.</summary>
    public static JsonElement ToJson(OrderedDictionary<string, string> values, ParameterTypes types) =>
        ToJson(values, (writer, name, text) => Write(writer, text, types.Of(name)));

    /// <summary>Makes the arguments of a call with a rule for each value.</summary>
    public static JsonElement ToJson<T>(
        OrderedDictionary<string, T> values, Action<Utf8JsonWriter, string, T> write) =>
        ToJson(writer =>
        {
            foreach (var (name, value) in values)
            {
                writer.WritePropertyName(name);
                write(writer, name, value);
            }
        });

    /// <summary>Makes an object whose members are written by the caller.</summary>
    public static JsonElement ToJson(Action<Utf8JsonWriter> writeMembers)
    {
        using var document = JsonDocument.Parse(Write(writer =>
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }));
        return document.RootElement.Clone();
    }

    /// <summary>The JSON of one value that is written by the caller, as it stands in the arguments.</summary>
    public static string ToText(Action<Utf8JsonWriter> writeValue) => Encoding.UTF8.GetString(Write(writeValue).Span);

    /// <summary>Writes a text as the JSON that it is; false, and nothing written, when it is none.</summary>
    public static bool TryWriteAnyJson(Utf8JsonWriter writer, string text)
    {
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

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
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
        return expected != JsonValueKind.Undefined && TryWriteAnyJson(writer, text);
    }
}
