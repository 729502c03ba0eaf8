using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Ollama.Platform.Api.GoJson;

/// <summary>Turns the bytes of a request body into the value that Go's decoder would see.</summary>
internal static class GoJsonBody
{
    /// <summary>
    /// Parses the first value. The document lives as long as its elements: it is not disposed, since elements go on
    /// into the request and outlive the parsing.
    /// </summary>
    /// <param name="body">The bytes; broken escapes are mended in place.</param>
    /// <param name="noValueText">What a body without any value is refused with.</param>
    /// <exception cref="Contracts.Errors.ModelException">There is no value, or it is malformed.</exception>
    public static JsonElement Parse(byte[] body, string noValueText = GoJsonScanner.NoValue)
    {
        var error = GoJsonScanner.Scan(body, out var range);
        if (error is not null)
        {
            throw GoJsonErrors.Refuse(error == GoJsonScanner.NoValue ? noValueText : error);
        }

        // Go reads every byte that is no UTF-8 as U+FFFD.
        var value = body.AsMemory(range);
        if (!Utf8.IsValid(value.Span))
        {
            value = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(value.Span));
        }

        return ParseValue(value);
    }

    /// <summary>Parses a text that is one object or null, which counts as an empty one, and nothing else.</summary>
    public static bool TryParseObject(string text, out JsonElement value)
    {
        value = EmptyObject.Element;
        var bytes = Encoding.UTF8.GetBytes(text);
        if (GoJsonScanner.Scan(bytes, out var range) is not null
            || bytes.AsSpan()[range.End..].ContainsAnyExcept(" \t\r\n"u8))
        {
            return false;
        }

        var parsed = ParseValue(bytes.AsMemory(range));
        if (parsed.ValueKind == JsonValueKind.Object)
        {
            value = parsed;
        }

        return parsed.ValueKind is JsonValueKind.Object or JsonValueKind.Null;
    }

    private static JsonElement ParseValue(ReadOnlyMemory<byte> value) =>
        JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = GoJsonScanner.DepthMax }).RootElement;
}
