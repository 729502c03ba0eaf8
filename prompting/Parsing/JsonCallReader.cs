using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Reads <c>{"name": "f", "arguments": {…}}</c>.</summary>
internal sealed class JsonCallReader : IToolCallReader
{
    public (string Name, JsonElement Arguments) Read(string body)
    {
        using var document = Parse(body);
        var call = document.RootElement;
        if (call.ValueKind != JsonValueKind.Object)
        {
            throw new OutputFormatException("invalid tool call: not a JSON object");
        }

        if (!call.TryGetProperty("name", out var name)
            || name.ValueKind != JsonValueKind.String
            || name.GetString() is not { Length: > 0 } text)
        {
            throw new OutputFormatException("invalid tool call: the name is missing");
        }

        if (!call.TryGetProperty("arguments", out var arguments) || arguments.ValueKind == JsonValueKind.Null)
        {
            return (text, EmptyArguments());
        }

        if (arguments.ValueKind != JsonValueKind.Object)
        {
            throw new OutputFormatException($"invalid tool call: the arguments of \"{text}\" are not a JSON object");
        }

        return (text, arguments.Clone());
    }

    private static JsonDocument Parse(string body)
    {
        var document = default(JsonDocument);
        try
        {
            document = JsonDocument.Parse(body);
            JsonTexts.RefuseBroken(document.RootElement);
            return document;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            document?.Dispose();
            throw new OutputFormatException("invalid tool call: not valid JSON");
        }
    }

    private static JsonElement EmptyArguments()
    {
        using var empty = JsonDocument.Parse("{}");
        return empty.RootElement.Clone();
    }
}
