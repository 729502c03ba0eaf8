using System.Globalization;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>Finds what references within one document point to.</summary>
internal sealed class SchemaReferences(JsonElement root)
{
    // Each is looked up once, and a place with thousands of definitions is read once.
    private readonly Dictionary<string, SchemaPart?> _resolved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, JsonElement>> _members = new(StringComparer.Ordinal);

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

        if (!_resolved.TryGetValue(text, out var part))
        {
            part = Find(text);
            _resolved.Add(text, part);
        }

        return part ?? throw from.Error("$ref", $"'{text}' names nothing");
    }

    private SchemaPart? Find(string text)
    {
        var element = root;
        var place = "";
        foreach (var step in text[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(step)
                .Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (Step(element, name, place) is not { } next)
            {
                return null;
            }

            element = next;
            place += "/" + step;
        }

        return new SchemaPart(element, "#/" + Uri.UnescapeDataString(text[2..]));
    }

    private JsonElement? Step(JsonElement element, string name, string place) => element.ValueKind switch
    {
        JsonValueKind.Object when MembersOf(element, place).TryGetValue(name, out var member) => member,
        JsonValueKind.Array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < element.GetArrayLength() => element[index],
        _ => null,
    };

    private Dictionary<string, JsonElement> MembersOf(JsonElement element, string place)
    {
        if (!_members.TryGetValue(place, out var members))
        {
            members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var member in element.EnumerateObject())
            {
                members[member.Name] = member.Value;
            }

            _members.Add(place, members);
        }

        return members;
    }
}
