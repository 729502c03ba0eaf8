using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.GoJson;

/// <summary>
/// Writes strings byte for byte as Go does: quotes, backslashes, control characters, <c>&lt;</c>, <c>&gt;</c>,
/// <c>&amp;</c> and the two Unicode line ends are escaped, everything else is UTF-8. None of .NET's encoders leaves
/// emoji alone and escapes those.
/// </summary>
internal sealed class GoStringConverter : JsonConverter<string>
{
    // A UTF-16 unit becomes at most \uXXXX.
    private const int BytesPerUnitMax = 6;
    private const int StackBytesMax = 1024;

    /// <inheritdoc/>
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Wire records are only written.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        WriteValue(writer, value);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);

    /// <summary>Writes a string value.</summary>
    public static void WriteValue(Utf8JsonWriter writer, string value)
    {
        var bytesMax = (value.Length * BytesPerUnitMax) + 2;
        byte[]? rented = null;
        var buffer = bytesMax <= StackBytesMax
            ? stackalloc byte[StackBytesMax]
            : rented = ArrayPool<byte>.Shared.Rent(bytesMax);
        writer.WriteRawValue(buffer[..Escape(value, buffer)], skipInputValidation: true);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Escape(ReadOnlySpan<char> text, Span<byte> destination)
    {
        var written = 0;
        destination[written++] = (byte)'"';
        while (!text.IsEmpty)
        {
            // Half a surrogate pair is no text; Go writes the escape of U+FFFD for it.
            var whole = Rune.DecodeFromUtf16(text, out var rune, out var unitCount) == OperationStatus.Done;
            text = text[unitCount..];
            written += whole && !IsEscaped(rune.Value)
                ? rune.EncodeToUtf8(destination[written..])
                : WriteEscape(rune.Value, destination[written..]);
        }

        destination[written++] = (byte)'"';
        return written;
    }

    private static bool IsEscaped(int rune) =>
        rune is < ' ' or '"' or '\\' or '<' or '>' or '&' or 0x2028 or 0x2029;

    private static int WriteEscape(int rune, Span<byte> destination)
    {
        destination[0] = (byte)'\\';
        var letter = rune switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => 'u',
        };
        destination[1] = (byte)letter;
        if (letter != 'u')
        {
            return 2;
        }

        for (var digit = 0; digit < 4; digit++)
        {
            destination[2 + digit] = "0123456789abcdef"u8[(rune >> (12 - (4 * digit))) & 0xf];
        }

        return BytesPerUnitMax;
    }
}
