using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ollama.Platform.Api.Streaming;

/// <summary>How JSON writers for answers are set up.</summary>
internal static class WireWriter
{
    // Values are escaped by our converters; this encoder is left with property names.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>A writer into the given buffer.</summary>
    public static Utf8JsonWriter Create(IBufferWriter<byte> buffer) => new(buffer, Options);

    /// <summary>
    /// A value as text within a text, as the arguments of a call are: nothing needs escaping for HTML's sake.
    /// </summary>
    public static string ToText(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = Create(buffer))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
