using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>The values of <c>enum</c> and <c>const</c> that the rest of a set of schemas leaves. Pure.</summary>
internal static class ListedValues
{
    private static readonly string[] Unchecked =
    [
        "properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties",
        "items", "prefixItems", "additionalItems", "minItems", "maxItems", "pattern", "multipleOf",
    ];

    /// <summary>The values, in the order of the first list.</summary>
    /// <exception cref="GrammarException">A list is none or too long, or its values are not checked.</exception>
    public static IReadOnlyList<JsonElement> Of(GrammarLimits limits, SchemaSet set)
    {
        var lists = set.Each("enum").Select(each => List(limits, each.Part, each.Value))
            .Concat(set.Each("const").Select(each => new[] { each.Value }))
            .ToArray();
        var values = lists[0].Where(value => lists.Skip(1).All(
            list => list.Any(other => JsonElement.DeepEquals(value, other))));
        var typed = set.HasAny("type");
        var types = typed ? ValueGrammar.Types(set) : [];
        values = [.. values.Where(value => !typed || types.Any(type => IsOf(value, type)))];
        foreach (var keyword in Unchecked)
        {
            foreach (var (part, _) in set.Each(keyword))
            {
                if (values.Any(value => Concerns(keyword, value)))
                {
                    throw part.Error(keyword, "cannot be honoured beside enum or const");
                }
            }
        }

        var (low, high) = NumberGrammar.Bounds(set);
        var (lengthMin, lengthMax) = (set.Greatest("minLength") ?? 0, set.Least("maxLength") ?? long.MaxValue);
        return [.. values.Where(value => value.ValueKind switch
        {
            JsonValueKind.Number => !value.TryGetDecimal(out var number)
                || ((low?.IsBelow(number) ?? true) && (high?.IsAbove(number) ?? true)),
            JsonValueKind.String => value.GetString()!.EnumerateRunes().Count() is var length
                && length >= lengthMin && length <= lengthMax,
            _ => true,
        })];
    }

    /// <summary>Whether a value is of a type.</summary>
    public static bool IsOf(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number"
            || (type == "integer" && value.TryGetDecimal(out var number) && number == decimal.Truncate(number)),
        JsonValueKind.Null => type == "null",
        _ => type == "boolean",
    };

    private static JsonElement[] List(GrammarLimits limits, SchemaPart part, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw part.Error("enum", "must be an array of values");
        }

        return list.GetArrayLength() <= limits.EnumCountMax
            ? [.. list.EnumerateArray()]
            : throw part.Error("enum", $"has more than {limits.EnumCountMax} values");
    }

    private static bool Concerns(string keyword, JsonElement value) => keyword switch
    {
        "pattern" => value.ValueKind == JsonValueKind.String,
        "multipleOf" => value.ValueKind == JsonValueKind.Number,
        _ when keyword.Contains("tems", StringComparison.Ordinal) => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };
}
