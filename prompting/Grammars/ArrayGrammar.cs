using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>The grammar of arrays: a tuple in front, items of one kind after it. Pure.</summary>
internal static class ArrayGrammar
{
    /// <summary>The grammar; null when no array satisfies the set.</summary>
    /// <exception cref="GrammarException">The set cannot be honoured.</exception>
    public static string? Compile(SchemaCompiler compiler, SchemaSet set)
    {
        var tuples = set.Parts.ToDictionary(part => part, Tuple);
        var tupleLength = tuples.Values.Max(tuple => tuple.Count);
        var (min, max) = Counts(compiler, set, tupleLength);
        List<string> first = [];
        for (var index = 0; index < tupleLength && !(index >= max); index++)
        {
            var item = compiler.Compile(set.Parts.SelectMany(part => At(part, tuples[part], index)));
            if (item is null)
            {
                // Nothing may stand here, so the array ends before it.
                max = index;
                break;
            }

            first.Add(item);
        }

        // A tuple is written whole, and no more than it, unless the schema says otherwise.
        var isTuple = tupleLength > 0 && !(min > tupleLength) && !set.HasAny("additionalItems")
            && !set.Parts.Any(part => part.Find("items") is { ValueKind: JsonValueKind.Object or JsonValueKind.True });
        var rest = max <= tupleLength || isTuple
            ? null
            : compiler.Compile(set.Parts.SelectMany(part => At(part, tuples[part], tupleLength)));
        var least = min ?? first.Count;
        if (rest is null)
        {
            max = Math.Min(max ?? long.MaxValue, first.Count);
        }

        if (max < least)
        {
            return min is null && max >= 0 ? Write(compiler.Rules, first, rest, max.Value, max) : null;
        }

        return Write(compiler.Rules, first, rest, least, max);
    }

    private static (long? Min, long? Max) Counts(SchemaCompiler compiler, SchemaSet set, int tupleLength)
    {
        var (min, max) = (set.Greatest("minItems"), set.Least("maxItems"));
        foreach (var keyword in (ReadOnlySpan<string>)["minItems", "maxItems"])
        {
            foreach (var (part, _) in set.Each(keyword))
            {
                if ((keyword == "minItems" ? min : max) > compiler.Limits.RepetitionMax)
                {
                    throw part.Error(keyword, $"must not exceed {compiler.Limits.RepetitionMax}");
                }
            }
        }

        foreach (var (part, value) in set.Each("uniqueItems"))
        {
            if (value.ValueKind == JsonValueKind.True && !(max <= 1) && !(tupleLength == 1 && max is null))
            {
                throw part.Error("uniqueItems", "cannot be honoured");
            }
        }

        return (min, max);
    }

    private static IReadOnlyList<SchemaPart> Tuple(SchemaPart part) =>
        part.Find("prefixItems") is not null ? SchemaReader.List(part, "prefixItems")
        : part.Find("items") is { ValueKind: JsonValueKind.Array } ? SchemaReader.List(part, "items")
        : [];

    // Older drafts have the tuple in items and what follows it in additionalItems.
    private static IEnumerable<SchemaPart> At(SchemaPart part, IReadOnlyList<SchemaPart> tuple, int index)
    {
        if (index < tuple.Count)
        {
            return [tuple[index]];
        }

        var keyword = part.Find("items") is { ValueKind: JsonValueKind.Array } ? "additionalItems" : "items";
        return part.Find(keyword) is { } items ? [part.Child(keyword, items)] : [];
    }

    private static string Write(GbnfRules rules, List<string> first, string? rest, long min, long? max)
    {
        var comma = $"\",\" {rules.Blank}";
        if (max == 0 || (first.Count == 0 && rest is null))
        {
            return $"\"[\" {rules.Blank} \"]\"";
        }

        if (first.Count == 0)
        {
            var more = GbnfText.Times(Math.Max(min - 1, 0), max - 1);
            var items = $"{rest} ({comma} {rest}){more} {rules.Blank}";
            return $"\"[\" {rules.Blank} {(min == 0 ? $"({items})?" : items)} \"]\"";
        }

        var tail = "";
        if (rest is not null)
        {
            var restMin = Math.Max(min - first.Count, 0);
            tail = rules.Define($"({comma} {rest}){GbnfText.Times(restMin, max - first.Count)}");
        }

        for (var index = first.Count - 1; index > 0; index--)
        {
            tail = rules.Define($"({comma} {first[index]} {tail}){(index >= min ? "?" : "")}");
        }

        var body = $"{first[0]} {tail} {rules.Blank}";
        return $"\"[\" {rules.Blank} {(min == 0 ? $"({body})?" : body)} \"]\"";
    }
}
