namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>Code points from first to last, both included.</summary>
internal readonly record struct CodePointRange(int First, int Last)
{
    /// <summary>The last code point.</summary>
    public const int Maximum = 0x10FFFF;

    private const int SurrogateFirst = 0xD800;
    private const int SurrogateLast = 0xDFFF;

    /// <summary>Sorts and joins ranges, and leaves out surrogates, which UTF-8 does not have.</summary>
    public static CodePointRange[] Normalize(IEnumerable<CodePointRange> ranges)
    {
        List<CodePointRange> joined = [];
        foreach (var range in ranges.SelectMany(WithoutSurrogates).OrderBy(range => range.First))
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
            {
                joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, range.Last) };
            }
            else
            {
                joined.Add(range);
            }
        }

        return [.. joined];
    }

    /// <summary>Everything but normalized ranges.</summary>
    public static CodePointRange[] Complement(IReadOnlyList<CodePointRange> ranges)
    {
        List<CodePointRange> others = [];
        var first = 0;
        foreach (var range in ranges)
        {
            if (range.First > first)
            {
                others.Add(new CodePointRange(first, range.First - 1));
            }

            first = range.Last + 1;
        }

        if (first <= Maximum)
        {
            others.Add(new CodePointRange(first, Maximum));
        }

        return Normalize(others);
    }

    private static IEnumerable<CodePointRange> WithoutSurrogates(CodePointRange range)
    {
        if (range.First < SurrogateFirst)
        {
            yield return range with { Last = Math.Min(range.Last, SurrogateFirst - 1) };
        }

        if (range.Last > SurrogateLast)
        {
            yield return range with { First = Math.Max(range.First, SurrogateLast + 1) };
        }
    }
}
