using System.Globalization;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>Finds what references within one document point to.</summary>
internal sealed class SchemaReferences(JsonElement root)
{
    /// <summary>The schema that a reference names.</summary>
    /// <exception cref="GrammarException">It names nothing, or something outside the document.</exception>
    public SchemaPart Resolve(SchemaPart from, JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String)
        {
            throw from.Error("$ref", "must be a string");
        }

        var text = reference.GetString()!;
        if (text is "#" or "#/")
        {
            return new SchemaPart(root, "#");
        }

        if (!text.StartsWith("#/", StringComparison.Ordinal))
        {
            throw from.Error("$ref", $"'{text}' is not supported; only references within the schema (#/…) are");
        }

        var element = root;
        foreach (var step in text[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(step)
                .Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            element = Step(element, name) ?? throw from.Error("$ref", $"'{text}' names nothing");
        }

        return new SchemaPart(element, "#/" + Uri.UnescapeDataString(text[2..]));
    }

    private static JsonElement? Step(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty(name, out var member) => member,
        JsonValueKind.Array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < element.GetArrayLength() => element[index],
        _ => null,
    };
}
