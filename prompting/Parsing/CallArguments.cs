using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Finds the arguments of a call in whatever object a model wrote for it.</summary>
internal static class CallArguments
{
    /// <summary>
    /// The arguments: what stands beside a name as <c>arguments</c> or <c>parameters</c>, or under the tool's name, or
    /// the whole object. Null for an object that has a name and nothing else.
    /// </summary>
    public static JsonElement? Find(JsonElement call, string tool) =>
        TryFind(call, tool, out var arguments) ? arguments : call;

    private static bool TryFind(JsonElement value, string tool, out JsonElement? arguments)
    {
        arguments = null;
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                if (TryFind(item, tool, out arguments))
                {
                    return true;
                }
            }

            return false;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (value.TryGetProperty("name", out _))
        {
            arguments = ObjectOf(value, "arguments") ?? ObjectOf(value, "parameters");
            return true;
        }

        if (ObjectOf(value, tool) is { } own)
        {
            arguments = own;
            return true;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (TryFind(member.Value, tool, out arguments))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An object, or a text that holds one.</summary>
    private static JsonElement? ObjectOf(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return value.ValueKind == JsonValueKind.Object ? value : null;
        }

        try
        {
            using var document = JsonDocument.Parse(value.GetString()!);
            JsonTexts.RefuseBroken(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
