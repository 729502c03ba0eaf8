using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Reads <c>{"name": "f", "arguments": {…}}</c>.</summary>
internal sealed class JsonCallReader : IToolCallReader
{
    public bool IsJson => true;

    public IReadOnlyList<ParsedCall> Read(string body)
    {
        using var document = CallJson.Parse(body);
        return [ReadOne(document.RootElement)];
    }

    public ICallHead CreateHead() => new JsonCallHead(["name"], ["arguments"]);

    private static ParsedCall ReadOne(JsonElement call)
    {
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
            return new ParsedCall(text, CallJson.Empty());
        }

        if (arguments.ValueKind != JsonValueKind.Object)
        {
            throw new OutputFormatException($"invalid tool call: the arguments of \"{text}\" are not a JSON object");
        }

        return new ParsedCall(text, arguments.Clone());
    }
}
