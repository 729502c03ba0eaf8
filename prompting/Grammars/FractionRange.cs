using System.Globalization;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// Grammars of decimal numbers between bounds, without sign or exponent. Digits behind the point are compared like
/// words: the first that differs decides. Pure.
/// </summary>
internal static class FractionRange
{
    private const int DigitCountMax = 16;
    private static readonly string AnyDigits = DigitRange.Any(0, DigitCountMax - 1);
    private static readonly string AnyFraction = $"(\".\" {DigitRange.Any(1, DigitCountMax)})?";
    private static readonly string Zeros = "\"0\"{0,3}";

    /// <summary>The numbers between bounds; null when there is none.</summary>
    /// <param name="low">The lower bound; not negative.</param>
    /// <param name="high">The upper bound; null for none.</param>
    public static string? Compile(NumberBound low, NumberBound? high)
    {
        if (high?.Value < low.Value || (high?.Value == low.Value && (high.Value.IsExclusive || low.IsExclusive)))
        {
            return null;
        }

        var (lowWhole, lowDigits) = Split(low.Value);
        if (high is not { } top)
        {
            List<string> open = [$"{Number(lowWhole)} {AtLeast(lowDigits, low.IsExclusive)}"];
            Between(open, lowWhole + 1, null);
            return GbnfText.Choice(open);
        }

        var (highWhole, highDigits) = Split(top.Value);
        if (lowWhole == highWhole)
        {
            var fraction = lowDigits.Length == 0 && !low.IsExclusive
                ? AtMost(highDigits, top.IsExclusive)
                : InBetween(lowDigits, low.IsExclusive, highDigits, top.IsExclusive) is { } digits
                    ? $"\".\" {digits}"
                    : null;
            return fraction is null ? null : $"{Number(lowWhole)} {fraction}";
        }

        List<string> choices = [$"{Number(lowWhole)} {AtLeast(lowDigits, low.IsExclusive)}"];
        Between(choices, lowWhole + 1, highWhole - 1);
        if (AtMost(highDigits, top.IsExclusive) is { } end)
        {
            choices.Add($"{Number(highWhole)} {end}");
        }

        return GbnfText.Choice(choices);
    }

    private static void Between(List<string> choices, decimal first, decimal? last)
    {
        if (DigitRange.Whole(first, last) is { } whole)
        {
            choices.Add($"{whole} {AnyFraction}");
        }
    }

    // A fraction, or none, of at least these digits.
    private static string AtLeast(string digits, bool exclusive) =>
        digits.Length > 0 ? $"\".\" {DigitsFrom(digits, exclusive)}"
        : exclusive ? $"\".\" {DigitsFrom("", exclusive)}"
        : AnyFraction;

    // A fraction, or none, of at most these digits; null when even none is too much.
    private static string? AtMost(string digits, bool exclusive) =>
        digits.Length == 0 ? (exclusive ? null : "(\".\" \"0\"{1,3})?")
        : DigitsTo(digits, exclusive) is { } to ? $"(\".\" {to})?"
        : "";

    // Digits that are, as a fraction, at least the given ones.
    private static string DigitsFrom(string digits, bool exclusive)
    {
        if (digits.Length == 0)
        {
            return exclusive ? $"\"0\"{{0,{DigitCountMax - 1}}} [1-9] {AnyDigits}" : AnyDigits;
        }

        var digit = digits[0] - '0';
        List<string> choices = [$"{DigitRange.One(digit, digit)} {DigitsFrom(digits[1..], exclusive)}"];
        if (digit < 9)
        {
            choices.Add($"{DigitRange.One(digit + 1, 9)} {AnyDigits}");
        }

        return GbnfText.Choice(choices);
    }

    // One digit or more that are at most the given ones, of which the last is not zero; null when there are none.
    private static string? DigitsTo(string digits, bool exclusive)
    {
        var digit = digits[0] - '0';
        List<string> choices = [];
        if (digit > 0)
        {
            choices.Add($"{DigitRange.One(0, digit - 1)} {AnyDigits}");
        }

        var rest = digits[1..];
        if (rest.Length > 0)
        {
            // Ending here is less than going on, since the rest is more than nothing.
            var to = DigitsTo(rest, exclusive);
            choices.Add($"{DigitRange.One(digit, digit)}{(to is null ? "" : $" ({to})?")}");
        }
        else if (!exclusive)
        {
            choices.Add($"{DigitRange.One(digit, digit)} {Zeros}");
        }

        return choices.Count == 0 ? null : GbnfText.Choice(choices);
    }

    // Digits between two fractions of which the lower is less; null when there are none.
    private static string? InBetween(string low, bool lowExclusive, string high, bool highExclusive)
    {
        if (high.Length == 0)
        {
            return low.Length == 0 && !lowExclusive && !highExclusive ? Zeros : null;
        }

        if (low.Length == 0 && !lowExclusive)
        {
            return DigitsTo(high, highExclusive) is { } to ? $"({to})?" : "";
        }

        var (first, last) = (low.Length == 0 ? 0 : low[0] - '0', high[0] - '0');
        var rest = low.Length == 0 ? "" : low[1..];
        if (first == last)
        {
            return InBetween(rest, lowExclusive, high[1..], highExclusive) is { } same
                ? $"{DigitRange.One(first, first)} {same}"
                : null;
        }

        List<string> choices = [$"{DigitRange.One(first, first)} {DigitsFrom(rest, lowExclusive)}"];
        if (last - first > 1)
        {
            choices.Add($"{DigitRange.One(first + 1, last - 1)} {AnyDigits}");
        }

        if (high.Length > 1)
        {
            var to = DigitsTo(high[1..], highExclusive);
            choices.Add($"{DigitRange.One(last, last)}{(to is null ? "" : $" ({to})?")}");
        }
        else if (!highExclusive)
        {
            choices.Add($"{DigitRange.One(last, last)} {Zeros}");
        }

        return GbnfText.Choice(choices);
    }

    private static string Number(decimal whole) => $"\"{whole.ToString("0", CultureInfo.InvariantCulture)}\"";

    private static (decimal Whole, string Digits) Split(decimal number)
    {
        var whole = decimal.Truncate(number);
        var text = (number - whole).ToString(CultureInfo.InvariantCulture);
        return (whole, text.Contains('.', StringComparison.Ordinal) ? text[2..].TrimEnd('0') : "");
    }
}
