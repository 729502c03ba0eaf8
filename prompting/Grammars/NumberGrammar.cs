using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>The grammar of numbers between bounds, digit by digit. Pure.</summary>
internal static class NumberGrammar
{
    /// <summary>The grammar; null when no number satisfies the set.</summary>
    /// <exception cref="GrammarException">The set cannot be honoured.</exception>
    public static string? Compile(SchemaCompiler compiler, SchemaSet set, bool whole)
    {
        foreach (var (part, value) in set.Each("multipleOf"))
        {
            if (!whole || value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var step) || step != 1)
            {
                throw part.Error("multipleOf", "cannot be honoured");
            }
        }

        var (low, high) = Bounds(set);
        if (low is null && high is null)
        {
            return whole ? compiler.Rules.Integer : compiler.Rules.Number;
        }

        var choices = whole ? Whole(low, high) : Fractional(low, high);
        return choices.Count == 0 ? null : string.Join(" | ", choices);
    }

    /// <summary>The tightest bounds of a set; null where there is none.</summary>
    /// <exception cref="GrammarException">A bound is no number.</exception>
    public static (NumberBound? Low, NumberBound? High) Bounds(SchemaSet set)
    {
        NumberBound? low = null;
        NumberBound? high = null;
        foreach (var bound in All(set, "minimum", "exclusiveMinimum", sign: 1))
        {
            low = low is { } known && !Tighter(bound, known) ? known : bound;
        }

        foreach (var bound in All(set, "maximum", "exclusiveMaximum", sign: -1))
        {
            high = high is { } known && !Tighter(bound.Negated, known.Negated) ? known : bound;
        }

        return (low, high);

        static bool Tighter(NumberBound bound, NumberBound known) =>
            bound.Value > known.Value || (bound.Value == known.Value && bound.IsExclusive);
    }

    private static IEnumerable<NumberBound> All(SchemaSet set, string inclusive, string exclusive, int sign)
    {
        foreach (var (part, value) in set.Each(inclusive))
        {
            // Draft 4 has a flag beside the bound.
            var isExclusive = part.Find(exclusive) is { ValueKind: JsonValueKind.True };
            if (Read(part, inclusive, value, sign) is { } number)
            {
                yield return new NumberBound(number, isExclusive);
            }
        }

        foreach (var (part, value) in set.Each(exclusive))
        {
            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
                && Read(part, exclusive, value, sign) is { } number)
            {
                yield return new NumberBound(number, IsExclusive: true);
            }
        }
    }

    // A bound beyond all digits that are ever written is none, or leaves nothing.
    private static decimal? Read(SchemaPart part, string keyword, JsonElement value, int sign)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            throw part.Error(keyword, "must be a number");
        }

        if (value.TryGetDecimal(out var number))
        {
            return number;
        }

        return value.TryGetDouble(out var approximate) && approximate * sign < 0
            ? null
            : throw part.Error(keyword, "has too many digits to be honoured");
    }

    private static List<string> Whole(NumberBound? low, NumberBound? high)
    {
        var first = low is { } lowest ? Ceiling(lowest) : (decimal?)null;
        var last = high is { } highest ? -Ceiling(highest.Negated) : (decimal?)null;
        List<string> choices = [];
        if (first is null or < 0)
        {
            var magnitude = DigitRange.Whole(Math.Max(1, last is < 0 ? -last.Value : 1), -first);
            choices.AddRange(magnitude is null ? [] : [$"\"-\" {magnitude}"]);
        }

        if (last is null or >= 0)
        {
            var magnitude = DigitRange.Whole(Math.Max(0, first ?? 0), last);
            choices.AddRange(magnitude is null ? [] : [magnitude]);
        }

        return choices;
    }

    private static decimal Ceiling(NumberBound low)
    {
        var first = decimal.Ceiling(low.Value);
        return low.IsExclusive && first == low.Value ? first + 1 : first;
    }

    private static List<string> Fractional(NumberBound? low, NumberBound? high)
    {
        var zero = new NumberBound(0, IsExclusive: true);
        List<string> choices = [];
        if (low is null or { Value: < 0 })
        {
            // Zero has no sign, so the negative ones begin beyond it.
            var least = high is { Value: < 0 } highest ? highest.Negated : zero;
            var magnitude = FractionRange.Compile(least, low?.Negated);
            choices.AddRange(magnitude is null ? [] : [$"\"-\" {magnitude}"]);
        }

        if (high is null or { Value: > 0 } or { Value: 0, IsExclusive: false })
        {
            var least = low is { Value: >= 0 } lowest ? lowest : new NumberBound(0, IsExclusive: false);
            var magnitude = FractionRange.Compile(least, high);
            choices.AddRange(magnitude is null ? [] : [magnitude]);
        }

        return choices;
    }
}
