using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>
/// Writes the JSON layers byte for byte as Ollama does, so that equal layers have equal digests: keys in order, the
/// characters that matter to HTML escaped, a line feed at the end.
/// </summary>
internal static class LayerJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A params layer.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, JsonElement> parameters) => Write(json =>
    {
        json.WriteStartObject();
        foreach (var (name, value) in parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    });

    /// <summary>A messages layer.</summary>
    public static byte[] Write(IReadOnlyList<ChatMessage> messages) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteString("role", message.Role);
            json.WriteString("content", message.Content);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        // Outside of strings none of these characters occurs.
        var text = new StringBuilder(Encoding.UTF8.GetString(buffer.WrittenSpan))
            .Replace("<", "\\u003c").Replace(">", "\\u003e").Replace("&", "\\u0026")
            .Replace("\u2028", "\\u2028").Replace("\u2029", "\\u2029").Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
