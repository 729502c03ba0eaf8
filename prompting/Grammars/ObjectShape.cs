using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>A property that a set of schemas names.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parts">What its value has to satisfy.</param>
/// <param name="IsRequired">It has to be there.</param>
/// <param name="IsForbidden">It must not be there.</param>
internal sealed record ObjectMember(
    string Name, IReadOnlyList<SchemaPart> Parts, bool IsRequired, bool IsForbidden);

/// <summary>Which properties objects have that satisfy a set of schemas.</summary>
/// <param name="Members">The properties by name, in the order in which the schemas name them.</param>
/// <param name="IsOpen">Others may be added.</param>
/// <param name="Additional">What the values of others have to satisfy.</param>
internal sealed record ObjectShape(
    IReadOnlyList<ObjectMember> Members, bool IsOpen, IReadOnlyList<SchemaPart> Additional)
{
    /// <summary>Reads the shape.</summary>
    /// <exception cref="GrammarException">A keyword has a value that it cannot have.</exception>
    public static ObjectShape Of(SchemaSet set, GrammarLimits limits)
    {
        var required = set.Each("required").SelectMany(each => Names(each.Part, each.Value)).ToHashSet();
        var declared = set.Each("properties")
            .ToDictionary(each => each.Part, each => Properties(each.Part, each.Value));
        var names = declared.Values.SelectMany(properties => properties.Keys).Concat(required).Distinct()
            .Take(limits.PropertyCountMax + 1).ToList();
        if (names.Count > limits.PropertyCountMax)
        {
            throw new GrammarException(set.Pointer, $"has more than {limits.PropertyCountMax} properties");
        }

        // Each schema has its say on each name.
        if ((long)names.Count * set.Parts.Count > limits.StepCountMax)
        {
            throw new GrammarException(set.Pointer, "the schema has too many combinations");
        }

        List<ObjectMember> members = [.. names.Select(name => Member(set, declared, name, required.Contains(name)))];

        var isClosed = set.Parts.Any(part => IsFalse(part, "additionalProperties")
            || IsFalse(part, "unevaluatedProperties"));
        var isOpened = set.Parts.Any(part => IsOpened(part, "additionalProperties")
            || IsOpened(part, "unevaluatedProperties"));
        var hasPattern = set.HasAny("patternProperties");
        SchemaPart[] additional =
        [
            .. set.Each("additionalProperties")
                .Select(each => each.Part.Child("additionalProperties", each.Value)),
        ];
        return new ObjectShape(
            members, !isClosed && (isOpened || (members.Count == 0 && !hasPattern)), additional);
    }

    // Each schema that does not name a property itself looks at it as an additional one.
    private static ObjectMember Member(
        SchemaSet set, Dictionary<SchemaPart, OrderedDictionary<string, JsonElement>> declared, string name,
        bool isRequired)
    {
        List<SchemaPart> parts = [];
        var isForbidden = false;
        foreach (var part in set.Parts)
        {
            if (declared.TryGetValue(part, out var properties) && properties.TryGetValue(name, out var schema))
            {
                parts.Add(part.Child("properties", name, schema));
            }
            else if (part.Find("additionalProperties") is { } additional && part.Find("patternProperties") is null)
            {
                isForbidden |= additional.ValueKind == JsonValueKind.False;
                parts.Add(part.Child("additionalProperties", additional));
            }
        }

        return new ObjectMember(name, parts, isRequired, isForbidden);
    }

    private static IEnumerable<string> Names(SchemaPart part, JsonElement value)
    {
        // Older drafts have a property say of itself whether it is required; that is no list and is not understood.
        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
        {
            throw part.Error("required", "must be an array of names");
        }

        return value.EnumerateArray().Select(name => name.GetString()!);
    }

    // In their order; of equal names the last one counts, as everywhere in JSON.
    private static OrderedDictionary<string, JsonElement> Properties(SchemaPart part, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw part.Error("properties", "must be an object of schemas");
        }

        var properties = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            properties[property.Name] = property.Value;
        }

        return properties;
    }

    private static bool IsFalse(SchemaPart part, string keyword) =>
        part.Find(keyword) is { ValueKind: JsonValueKind.False };

    private static bool IsOpened(SchemaPart part, string keyword) =>
        part.Find(keyword) is { ValueKind: not JsonValueKind.False };
}
