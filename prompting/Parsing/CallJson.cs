using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Reads the JSON in tool calls.</summary>
internal static class CallJson
{
    /// <summary>Parses a text; the caller disposes of the document.</summary>
    /// <exception cref="OutputFormatException">It is not JSON, or holds texts that cannot be read.</exception>
    public static JsonDocument Parse(string text)
    {
        var document = default(JsonDocument);
        try
        {
            document = JsonDocument.Parse(text);
            JsonTexts.RefuseBroken(document.RootElement);
            return document;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            document?.Dispose();
            throw new OutputFormatException("invalid tool call: not valid JSON");
        }
    }

    /// <summary>Reads the arguments of a call.</summary>
    /// <exception cref="OutputFormatException">They are not a JSON object.</exception>
    public static JsonElement ReadArguments(string name, string text)
    {
        using var document = Parse(text);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.Clone()
            : throw new OutputFormatException($"invalid tool call: the arguments of \"{name}\" are not a JSON object");
    }

    /// <summary>No arguments.</summary>
    public static JsonElement Empty()
    {
        using var empty = JsonDocument.Parse("{}");
        return empty.RootElement.Clone();
    }
}
