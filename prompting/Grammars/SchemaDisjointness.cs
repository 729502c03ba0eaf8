using System.Globalization;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// Makes sure that a value written for one alternative of <c>oneOf</c> satisfies no other. Where that cannot be shown,
/// the schema is refused: with <c>anyOf</c> it says what the grammar can keep. Pure.
/// </summary>
/// <param name="reader">Reads what properties have to satisfy, and counts the effort.</param>
/// <param name="limits">Bounds on the effort.</param>
internal sealed class SchemaDisjointness(SchemaReader reader, GrammarLimits limits)
{
    private const int DepthMax = 4;

    /// <summary>Checks the alternatives of a part.</summary>
    /// <exception cref="GrammarException">Two of them may hold for the same value.</exception>
    public void Check(SchemaPart part, IReadOnlyList<SchemaSet> sets)
    {
        SchemaAlternative[] alternatives = [.. sets.Select(set => new SchemaAlternative(set, reader, limits))];
        CheckValues(part, alternatives);
        for (var written = 0; written < alternatives.Length; written++)
        {
            for (var other = 0; other < alternatives.Length; other++)
            {
                if (written != other && !AreListed(alternatives[written], alternatives[other])
                    && !Excludes(part, alternatives[written], alternatives[other], 0))
                {
                    throw Overlap(part, written, other);
                }
            }
        }
    }

    private static bool AreListed(SchemaAlternative one, SchemaAlternative other) =>
        one.Values is not null && other.Values is not null;

    private static GrammarException Overlap(SchemaPart part, int one, int other) => part.Error(
        "oneOf",
        $"alternatives {Math.Min(one, other)} and {Math.Max(one, other)} may hold for the same value, which cannot be "
        + "honoured; use anyOf, or a property whose values differ");

    // All lists at once: there may be hundreds, each of one value with its title.
    private void CheckValues(SchemaPart part, SchemaAlternative[] alternatives)
    {
        var simple = new Dictionary<(JsonValueKind Kind, string Text), int>();
        List<(JsonElement Value, int Alternative)> nested = [];
        for (var index = 0; index < alternatives.Length; index++)
        {
            foreach (var value in alternatives[index].Set.IsNever ? [] : alternatives[index].Values ?? [])
            {
                if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                {
                    reader.Count(part, 1 + nested.Count);
                    var same = nested.FindIndex(
                        known => known.Alternative != index && JsonElement.DeepEquals(known.Value, value));
                    nested.Add(same < 0 ? (value, index) : throw Overlap(part, nested[same].Alternative, index));
                }
                else if (!simple.TryAdd((value.ValueKind, TextOf(value)), index)
                    && simple[(value.ValueKind, TextOf(value))] != index)
                {
                    throw Overlap(part, simple[(value.ValueKind, TextOf(value))], index);
                }
            }
        }
    }

    // The same for equal numbers, however they are written.
    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.TryGetDecimal(out var number) =>
            (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };

    // Whether no value that is written for one satisfies the other. Unsure means no.
    private bool Excludes(SchemaPart part, SchemaAlternative written, SchemaAlternative other, int depth)
    {
        reader.Count(part, 1);
        if (written.Set.IsNever || other.Set.IsNever)
        {
            return true;
        }

        if (depth == DepthMax || written.HasAlternatives)
        {
            return false;
        }

        if (written.Values is { } values)
        {
            return values.All(value => IsExcluded(value, other));
        }

        var shared = written.Types.Where(type => MayBe(other, type)).ToArray();
        return shared.Length == 0
            || (shared is ["object"] && !other.HasAlternatives && ExcludesObject(part, written, other, depth));
    }

    private bool ExcludesObject(SchemaPart part, SchemaAlternative written, SchemaAlternative other, int depth)
    {
        if (!written.Shape.IsOpen && other.Shape.Members.Any(
            member => member.IsRequired && written.Find(member.Name) is not { IsForbidden: false }))
        {
            // What the other one needs is never written.
            return true;
        }

        foreach (var own in written.Shape.Members.Where(member => member.IsRequired))
        {
            var member = other.Find(own.Name);
            if (member?.IsForbidden ?? other.ForbidsOthers)
            {
                return true;
            }

            if (member is not null && Excludes(part, written.Of(own), other.Of(member), depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsExcluded(JsonElement value, SchemaAlternative other) => other.Values is { } values
        ? !values.Any(listed => JsonElement.DeepEquals(value, listed))
        : other.IsTyped && !other.Types.Any(type => ListedValues.IsOf(value, type));

    // A type that is not stated may still be that of a value, whatever the keywords concern.
    private static bool MayBe(SchemaAlternative other, string type)
    {
        if (other.Values is { } values)
        {
            return values.Any(value => ListedValues.IsOf(value, type));
        }

        return !other.IsTyped || other.Types.Contains(type)
            || (type == "integer" && other.Types.Contains("number"))
            || (type == "number" && other.Types.Contains("integer"));
    }
}
