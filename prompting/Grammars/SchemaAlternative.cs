using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// One of the alternatives of <c>oneOf</c>, or what a property of it has to satisfy: what is asked of it for each other
/// one is found out once.
/// </summary>
internal sealed class SchemaAlternative(SchemaSet set, SchemaReader reader, GrammarLimits limits)
{
    private readonly Dictionary<string, SchemaAlternative> _properties = new(StringComparer.Ordinal);
    private readonly Lazy<IReadOnlyList<JsonElement>?> _values = new(
        () => set.HasAny("enum", "const") ? ListedValues.Of(limits, set) : null);

    private readonly Lazy<ObjectShape> _shape = new(() => ObjectShape.Of(set, limits));
    private readonly Lazy<IReadOnlyList<string>> _types = new(() => ValueGrammar.Types(set));
    private Dictionary<string, ObjectMember>? _members;

    /// <summary>The schemas that it is.</summary>
    public SchemaSet Set => set;

    /// <summary>The values that it lists; null when it lists none.</summary>
    public IReadOnlyList<JsonElement>? Values => _values.Value;

    /// <summary>The types that its values may have.</summary>
    public IReadOnlyList<string> Types => _types.Value;

    /// <summary>Says which types its values have.</summary>
    public bool IsTyped { get; } = set.HasAny("type");

    /// <summary>Which properties its objects have.</summary>
    public ObjectShape Shape => _shape.Value;

    /// <summary>It still has alternatives itself.</summary>
    public bool HasAlternatives { get; } = set.Parts.Any(part =>
        (part.Find("anyOf") is not null && !part.AnyOfChosen) || (part.Find("oneOf") is not null && !part.OneOfChosen));

    /// <summary>It takes no properties besides those that it names.</summary>
    public bool ForbidsOthers { get; } =
        set.Parts.Any(part => part.Find("additionalProperties") is { ValueKind: JsonValueKind.False });

    /// <summary>A property of its objects; null when it names none such.</summary>
    public ObjectMember? Find(string name)
    {
        _members ??= Shape.Members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        return _members.GetValueOrDefault(name);
    }

    /// <summary>What a property has to satisfy.</summary>
    public SchemaAlternative Of(ObjectMember member)
    {
        if (!_properties.TryGetValue(member.Name, out var property))
        {
            property = new SchemaAlternative(reader.Read(member.Parts), reader, limits);
            _properties.Add(member.Name, property);
        }

        return property;
    }
}
