using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// Makes sure that a value written for one alternative of <c>oneOf</c> satisfies no other. Where that cannot be shown,
/// the schema is refused: with <c>anyOf</c> it says what the grammar can keep. Pure.
/// </summary>
internal sealed class SchemaDisjointness(SchemaReader reader)
{
    private const int DepthMax = 4;

    /// <summary>Checks the alternatives of a part.</summary>
    /// <exception cref="GrammarException">Two of them may hold for the same value.</exception>
    public void Check(SchemaPart part, IReadOnlyList<SchemaSet> alternatives)
    {
        for (var written = 0; written < alternatives.Count; written++)
        {
            for (var other = 0; other < alternatives.Count; other++)
            {
                if (written != other && !Excludes(alternatives[written], alternatives[other], 0))
                {
                    throw part.Error(
                        "oneOf",
                        $"alternatives {Math.Min(written, other)} and {Math.Max(written, other)} may hold for the "
                        + "same value, which cannot be honoured; use anyOf, or a property whose values differ");
                }
            }
        }
    }

    // Whether no value that is written for one set satisfies the other. Unsure means no.
    private bool Excludes(SchemaSet written, SchemaSet other, int depth)
    {
        if (written.IsNever || other.IsNever)
        {
            return true;
        }

        if (depth == DepthMax || HasAlternatives(written))
        {
            return false;
        }

        var values = Values(written);
        if (values is not null)
        {
            return values.All(value => IsExcluded(value, other));
        }

        var writtenTypes = ValueGrammar.Types(written);
        var shared = writtenTypes.Where(type => MayBe(other, type)).ToArray();
        return shared.Length == 0
            || (shared is ["object"] && !HasAlternatives(other) && ExcludesObject(written, other, depth));
    }

    private bool ExcludesObject(SchemaSet written, SchemaSet other, int depth)
    {
        var (from, to) = (ObjectShape.Of(written), ObjectShape.Of(other));
        if (!from.IsOpen && to.Members.Any(member => member.IsRequired
            && !from.Members.Any(own => own.Name == member.Name && !own.IsForbidden)))
        {
            // What the other one needs is never written.
            return true;
        }

        foreach (var own in from.Members.Where(member => member.IsRequired))
        {
            var member = to.Members.FirstOrDefault(member => member.Name == own.Name);
            var isForbidden = member?.IsForbidden ?? other.Parts.Any(
                part => part.Find("additionalProperties") is { ValueKind: JsonValueKind.False });
            if (isForbidden || (member is not null
                && Excludes(reader.Read(own.Parts), reader.Read(member.Parts), depth + 1)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsExcluded(JsonElement value, SchemaSet other)
    {
        if (Values(other) is { } values)
        {
            return !values.Any(listed => JsonElement.DeepEquals(value, listed));
        }

        return other.HasAny("type") && !ValueGrammar.Types(other).Any(type => ListedValues.IsOf(value, type));
    }

    // A type that is not stated may still be that of a value, whatever the keywords concern.
    private static bool MayBe(SchemaSet other, string type)
    {
        if (Values(other) is { } values)
        {
            return values.Any(value => ListedValues.IsOf(value, type));
        }

        var types = ValueGrammar.Types(other);
        return !other.HasAny("type") || types.Contains(type)
            || (type == "integer" && types.Contains("number")) || (type == "number" && types.Contains("integer"));
    }

    private static bool HasAlternatives(SchemaSet set) => set.Parts.Any(part =>
        (part.Find("anyOf") is not null && !part.AnyOfChosen) || (part.Find("oneOf") is not null && !part.OneOfChosen));

    private static JsonElement[]? Values(SchemaSet set) =>
        set.HasAny("enum", "const") ? [.. ListedValues.Of(GrammarLimits.Default, set)] : null;
}
