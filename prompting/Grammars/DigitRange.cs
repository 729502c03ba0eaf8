using System.Globalization;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>Grammars of whole numbers between bounds, without sign or leading zeros. Pure.</summary>
internal static class DigitRange
{
    // As many as a double keeps exactly; further digits would be noise.
    private const int DigitCountMax = 16;

    /// <summary>The numbers from first to last, both included; null when there is none.</summary>
    /// <param name="first">The least number; not negative.</param>
    /// <param name="last">The greatest number; null for no bound.</param>
    public static string? Whole(decimal first, decimal? last)
    {
        if (last < first)
        {
            return null;
        }

        List<string> choices = [];
        var low = Text(first);
        var high = last is { } bound ? Text(bound) : null;
        var lengthMax = high?.Length ?? low.Length;
        for (var length = low.Length; length <= lengthMax; length++)
        {
            var from = length == low.Length ? low : "1" + new string('0', length - 1);
            var to = length == high?.Length ? high : new string('9', length);
            choices.Add(SameLength(from, to));
        }

        if (high is null && low.Length < DigitCountMax)
        {
            choices.Add($"[1-9] {Any(low.Length, DigitCountMax - 1)}");
        }

        return GbnfText.Choice(choices);
    }

    /// <summary>So many digits, whichever they are.</summary>
    public static string Any(int min, int max) => $"[0-9]{GbnfText.Times(min, max)}";

    /// <summary>One digit out of a range.</summary>
    public static string One(int first, int last) => first == last ? $"\"{first}\"" : $"[{first}-{last}]";

    private static string SameLength(string low, string high)
    {
        if (low.Length == 0)
        {
            return "";
        }

        var rest = low.Length - 1;
        var (first, last) = (low[0] - '0', high[0] - '0');
        var lowIsWhole = low.AsSpan(1).TrimStart('0').IsEmpty;
        var highIsWhole = high.AsSpan(1).TrimStart('9').IsEmpty;
        if (first == last && !(lowIsWhole && highIsWhole))
        {
            return $"{One(first, first)} {SameLength(low[1..], high[1..])}";
        }

        List<string> choices = [];
        if (!lowIsWhole)
        {
            choices.Add($"{One(first, first)} {SameLength(low[1..], new string('9', rest))}");
            first++;
        }

        if (!highIsWhole)
        {
            choices.Add($"{One(last, last)} {SameLength(new string('0', rest), high[1..])}");
            last--;
        }

        if (first <= last)
        {
            choices.Add(rest == 0 ? One(first, last) : $"{One(first, last)} {Any(rest, rest)}");
        }

        return GbnfText.Choice(choices);
    }

    private static string Text(decimal number) =>
        decimal.Truncate(number).ToString("0", CultureInfo.InvariantCulture);
}
