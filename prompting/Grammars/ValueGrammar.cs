using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>Chooses between listed values and the grammars of the types that a set of schemas leaves. Pure.</summary>
internal static class ValueGrammar
{
    private static readonly string[] AllTypes = ["object", "array", "string", "number", "boolean", "null"];

    private static readonly (string Type, string[] Keywords)[] KeywordsByType =
    [
        ("object",
            ["properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"]),
        ("array", ["items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems"]),
        ("string", ["pattern", "minLength", "maxLength", "format"]),
        ("number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ];

    /// <summary>The alternatives of the values that satisfy a set; null when there is none.</summary>
    /// <exception cref="GrammarException">The set cannot be honoured.</exception>
    public static string? Compile(SchemaCompiler compiler, SchemaSet set)
    {
        if (set.HasAny("enum", "const"))
        {
            return Values(compiler, set);
        }

        List<string> bodies = [];
        foreach (var type in Types(set))
        {
            var body = type switch
            {
                "object" => ObjectGrammar.Compile(compiler, set),
                "array" => ArrayGrammar.Compile(compiler, set),
                "string" => TextGrammar.Compile(compiler, set),
                "number" => NumberGrammar.Compile(compiler, set, whole: false),
                "integer" => NumberGrammar.Compile(compiler, set, whole: true),
                "boolean" => compiler.Rules.Boolean,
                _ => "\"null\"",
            };
            if (body is not null)
            {
                bodies.Add(body);
            }
        }

        return bodies.Count == 0 ? null : string.Join(" | ", bodies);
    }

    /// <summary>
    /// The types that values of a set may have. Without a <c>type</c>, keywords that concern some types mean these.
    /// </summary>
    /// <exception cref="GrammarException">A type is unknown.</exception>
    public static IReadOnlyList<string> Types(SchemaSet set)
    {
        List<string>? types = null;
        foreach (var (part, value) in set.Each("type"))
        {
            var named = Named(part, value);
            types = types is null ? named : Intersect(types, named);
        }

        if (types is not null)
        {
            return types;
        }

        var concerned = KeywordsByType.Where(group => set.HasAny(group.Keywords)).Select(group => group.Type).ToArray();
        return concerned.Length > 0 ? concerned : AllTypes;
    }

    private static List<string> Named(SchemaPart part, JsonElement value)
    {
        JsonElement[] values = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        List<string> names = [];
        foreach (var each in values)
        {
            var name = each.ValueKind == JsonValueKind.String ? each.GetString()! : "";
            if (name != "integer" && !AllTypes.Contains(name))
            {
                throw part.Error("type", $"{GbnfText.Json(each)} is no type");
            }

            names.Add(name);
        }

        // OpenAPI's way of saying it.
        if (part.Find("nullable") is { ValueKind: JsonValueKind.True })
        {
            names.Add("null");
        }

        // Whole numbers are numbers.
        return [.. names.Distinct().Where(name => name != "integer" || !names.Contains("number"))];
    }

    private static List<string> Intersect(List<string> left, List<string> right)
    {
        var both = left.Intersect(right).ToList();
        if ((left.Contains("integer") && right.Contains("number"))
            || (left.Contains("number") && right.Contains("integer")))
        {
            both.Add("integer");
        }

        return both;
    }

    private static string? Values(SchemaCompiler compiler, SchemaSet set)
    {
        var values = ListedValues.Of(compiler.Limits, set);
        if (values.Count == 0)
        {
            return null;
        }

        long length = 0;
        List<string> literals = [];
        foreach (var value in values)
        {
            var literal = GbnfText.Literal(GbnfText.Json(value));
            length += literal.Length;
            compiler.Rules.CheckLength(length);
            literals.Add(literal);
        }

        return string.Join(" | ", literals.Distinct());
    }
}
