using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// Gathers what a value has to satisfy together, and refuses keywords that a grammar cannot express: leaving one out
/// would let values through that the client has excluded.
/// </summary>
internal sealed class SchemaReader(JsonElement root, GrammarLimits limits)
{
    private static readonly string[] Unsupported =
    [
        "not", "contains", "propertyNames", "dependentSchemas", "dependentRequired", "dependencies",
        "unevaluatedItems", "$dynamicRef", "$recursiveRef",
    ];

    private readonly SchemaReferences _references = new(root);
    private int _stepCount;

    /// <summary>The document's own schema.</summary>
    public SchemaSet ReadRoot() => Read([new SchemaPart(root, "#")]);

    /// <summary>Follows references and allOf from the parts.</summary>
    /// <param name="parts">Where to begin.</param>
    /// <param name="settled">Parts that belong to the set as well; what they lead to is among them already.</param>
    /// <exception cref="GrammarException">A part is no schema or cannot be honoured.</exception>
    public SchemaSet Read(IEnumerable<SchemaPart> parts, IReadOnlyList<SchemaPart>? settled = null)
    {
        List<SchemaPart> found = [.. (settled ?? []).DistinctBy(part => part.Key)];
        if (found.Count > 0)
        {
            Count(found[0], found.Count);
        }

        var seen = found.Select(part => part.Key).ToHashSet(StringComparer.Ordinal);
        var isNever = false;
        var waiting = new Queue<SchemaPart>(parts);
        while (waiting.TryDequeue(out var part))
        {
            Count(part, 1);

            // The same schema twice asks for no more than once; this also ends references in a circle.
            if (part.Element.ValueKind == JsonValueKind.True || !seen.Add(part.Key))
            {
                continue;
            }

            if (part.Element.ValueKind == JsonValueKind.False)
            {
                isNever = true;
                continue;
            }

            Check(part);
            if (part.Find("$ref") is { } reference)
            {
                waiting.Enqueue(_references.Resolve(part, reference));
            }

            foreach (var child in List(part, "allOf"))
            {
                waiting.Enqueue(child);
            }

            found.Add(part);
        }

        return new SchemaSet(found, isNever);
    }

    /// <summary>Takes note of work that a schema causes.</summary>
    /// <exception cref="GrammarException">It is too much.</exception>
    public void Count(SchemaPart part, int steps)
    {
        _stepCount += steps;
        if (_stepCount > limits.StepCountMax)
        {
            throw new GrammarException(part.Pointer, "the schema has too many combinations");
        }
    }

    /// <summary>The schemas that a keyword lists.</summary>
    /// <exception cref="GrammarException">It is no list.</exception>
    public static IReadOnlyList<SchemaPart> List(SchemaPart part, string keyword)
    {
        if (part.Find(keyword) is not { } list)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select((schema, index) => part.Child(keyword, $"{index}", schema))]
            : throw part.Error(keyword, "must be an array of schemas");
    }

    private void Check(SchemaPart part)
    {
        if (part.Element.ValueKind != JsonValueKind.Object)
        {
            throw new GrammarException(part.Pointer, "must be a schema: an object, true or false");
        }

        if (part.Element.GetPropertyCount() > limits.KeywordCountMax)
        {
            throw new GrammarException(part.Pointer, $"has more than {limits.KeywordCountMax} keywords");
        }

        foreach (var keyword in Unsupported)
        {
            if (part.Find(keyword) is not null)
            {
                throw part.Error(keyword, "this keyword cannot be honoured");
            }
        }

        if (part.Find("if") is not null && (part.Find("then") is not null || part.Find("else") is not null))
        {
            throw part.Error("if", "conditions cannot be honoured");
        }

        if (part.Find("unevaluatedProperties") is { ValueKind: JsonValueKind.Object })
        {
            throw part.Error("unevaluatedProperties", "only true and false can be honoured");
        }
    }
}
