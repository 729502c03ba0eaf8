using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>The grammar of strings: a length, a pattern, or a format that has one. Pure.</summary>
internal static class TextGrammar
{
    /// <summary>The grammar; null when no string satisfies the set.</summary>
    /// <exception cref="GrammarException">The set cannot be honoured.</exception>
    public static string? Compile(SchemaCompiler compiler, SchemaSet set)
    {
        var (min, max) = (set.Greatest("minLength") ?? 0, set.Least("maxLength"));
        if (max < min)
        {
            return null;
        }

        var patterns = Patterns(set).ToArray();
        if (patterns.Length > 1)
        {
            throw patterns[1].Part.Error(patterns[1].Keyword, "only one pattern or format of a string can be honoured");
        }

        if (patterns.Length == 0)
        {
            return Plain(compiler, set, min, max);
        }

        var (part, keyword, pattern) = patterns[0];
        var grammar = PatternGrammar.Compile(pattern, part.PointerTo(keyword), compiler.Rules, compiler.Limits);
        if (grammar.LengthMin < min || (max is not null && !(grammar.LengthMax <= max)))
        {
            throw part.Error(keyword, "cannot be honoured together with minLength or maxLength");
        }

        return $"{GbnfText.Quote} {grammar.Text} {GbnfText.Quote}";
    }

    private static string Plain(SchemaCompiler compiler, SchemaSet set, long min, long? max)
    {
        if (Math.Max(min, max ?? 0) > compiler.Limits.RepetitionMax)
        {
            var keyword = min > compiler.Limits.RepetitionMax ? "minLength" : "maxLength";
            throw set.Each(keyword).First().Part.Error(keyword, $"must not exceed {compiler.Limits.RepetitionMax}");
        }

        return min == 0 && max is null
            ? compiler.Rules.Text
            : $"{GbnfText.Quote} {compiler.Rules.Character}{GbnfText.Times(min, max)} {GbnfText.Quote}";
    }

    private static IEnumerable<(SchemaPart Part, string Keyword, string Pattern)> Patterns(SchemaSet set)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (part, value) in set.Each("pattern"))
        {
            if (value.ValueKind != JsonValueKind.String)
            {
                throw part.Error("pattern", "must be a string");
            }

            if (seen.Add(value.GetString()!))
            {
                yield return (part, "pattern", value.GetString()!);
            }
        }

        foreach (var (part, value) in set.Each("format"))
        {
            var pattern = value.ValueKind == JsonValueKind.String ? TextFormats.Find(value.GetString()!) : null;
            if (pattern is not null && seen.Add(pattern))
            {
                yield return (part, "format", pattern);
            }
        }
    }
}
