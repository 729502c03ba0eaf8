using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>Schemas that a value has to satisfy together: one, what it refers to and what its allOf adds.</summary>
/// <param name="Parts">The schemas; none when anything will do.</param>
/// <param name="IsNever">One of them is <c>false</c>.</param>
internal sealed record SchemaSet(IReadOnlyList<SchemaPart> Parts, bool IsNever)
{
    /// <summary>Tells apart what has to be compiled apart.</summary>
    public string Key { get; } = string.Join('&', Parts.Select(part => part.Key).Order(StringComparer.Ordinal));

    /// <summary>Where to point when the whole is to blame.</summary>
    public string Pointer => Parts.Count == 0 ? "#" : Parts[0].Pointer;

    /// <summary>Every occurrence of a keyword.</summary>
    public IEnumerable<(SchemaPart Part, JsonElement Value)> Each(string keyword) =>
        from part in Parts
        let value = part.Find(keyword)
        where value is not null
        select (part, value.Value);

    /// <summary>Whether any of the keywords occurs.</summary>
    public bool HasAny(params ReadOnlySpan<string> keywords)
    {
        foreach (var keyword in keywords)
        {
            if (Each(keyword).Any())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The greatest of a keyword's counts; null when there is none.</summary>
    /// <exception cref="GrammarException">A value is no count.</exception>
    public long? Greatest(string keyword) => Each(keyword).Max(each => (long?)Count(each.Part, keyword, each.Value));

    /// <summary>The least of a keyword's counts; null when there is none.</summary>
    /// <exception cref="GrammarException">A value is no count.</exception>
    public long? Least(string keyword) => Each(keyword).Min(each => (long?)Count(each.Part, keyword, each.Value));

    private static long Count(SchemaPart part, string keyword, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
        && value.TryGetDecimal(out var number) && number >= 0 && number == decimal.Truncate(number)
            ? (long)Math.Min(number, long.MaxValue)
            : throw part.Error(keyword, "must be a whole number that is not negative");
}
