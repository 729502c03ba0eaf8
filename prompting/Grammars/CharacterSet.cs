namespace Ollama.Platform.Prompting.Grammars;

/// <summary>The characters that a place of a pattern stands for, as they are written within a JSON string.</summary>
internal sealed class CharacterSet
{
    private const int Last = 0x10FFFF;

    private readonly List<(int First, int Last)> _ranges;

    private CharacterSet(List<(int First, int Last)> ranges) => _ranges = ranges;

    /// <summary>Digits.</summary>
    public static CharacterSet Digits { get; } = Of([('0', '9')]);

    /// <summary>Letters, digits and the underscore.</summary>
    public static CharacterSet Word { get; } = Of([('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]);

    /// <summary>White space.</summary>
    public static CharacterSet Space { get; } = Of(
    [
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
        (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
    ]);

    /// <summary>Whatever does not end a line.</summary>
    public static CharacterSet Any { get; } = Of([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)]).Complement();

    /// <summary>No character at all.</summary>
    public bool IsEmpty => _ranges.Count == 0;

    /// <summary>The characters of ranges.</summary>
    public static CharacterSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        List<(int First, int Last)> joined = [];
        foreach (var range in ranges.Order())
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
            {
                joined[^1] = (joined[^1].First, Math.Max(joined[^1].Last, range.Last));
            }
            else
            {
                joined.Add(range);
            }
        }

        return new CharacterSet(joined);
    }

    /// <summary>The characters of both.</summary>
    public CharacterSet With(CharacterSet other) => Of(_ranges.Concat(other._ranges));

    /// <summary>All other characters but control characters, which no one means who excludes something else.</summary>
    public CharacterSet Complement()
    {
        List<(int First, int Last)> others = [];
        var first = (int)' ';
        foreach (var range in _ranges.Append((First: 0x7F, Last: 0x7F)).Order())
        {
            if (range.First > first)
            {
                others.Add((first, range.First - 1));
            }

            first = Math.Max(first, range.Last + 1);
        }

        if (first <= Last)
        {
            others.Add((first, Last));
        }

        return Of(others);
    }

    /// <summary>The set in GBNF, each character as it is written within a JSON string.</summary>
    public string ToGbnf()
    {
        List<string> choices = [];
        var plain = string.Concat(_ranges.SelectMany(Plain).Select(range => range.First == range.Last
            ? GbnfText.OfClass(range.First)
            : $"{GbnfText.OfClass(range.First)}-{GbnfText.OfClass(range.Last)}"));
        if (plain.Length > 0)
        {
            choices.Add($"[{plain}]");
        }

        foreach (var special in Enumerable.Range(0, ' ').Append('"').Append('\\').Append(0x7F).Where(Contains))
        {
            choices.Add(GbnfText.Literal(GbnfText.JsonText(((char)special).ToString())[1..^1]));
        }

        return GbnfText.Choice(choices);
    }

    private bool Contains(int character) =>
        _ranges.Any(range => range.First <= character && character <= range.Last);

    // What is written as it is: no control characters, quotation marks or backslashes.
    private static IEnumerable<(int First, int Last)> Plain((int First, int Last) range)
    {
        (int First, int Last)[] gaps = [(' ', '!'), ('#', '['), (']', 0x7E), (0x80, Last)];
        foreach (var gap in gaps)
        {
            var (first, last) = (Math.Max(gap.First, range.First), Math.Min(gap.Last, range.Last));
            if (first <= last)
            {
                yield return (first, last);
            }
        }
    }
}
