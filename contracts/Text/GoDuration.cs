using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ollama.Platform.Contracts.Text;

/// <summary>
/// Durations as Go writes them, which is how Ollama's clients and settings do: <c>300ms</c>, <c>1h30m</c>,
/// <c>-1.5s</c>, <c>0</c>. Units are <c>ns</c>, <c>us</c>, <c>µs</c>, <c>ms</c>, <c>s</c>, <c>m</c> and <c>h</c>.
/// </summary>
public static class GoDuration
{
    private const int NanosecondsPerTick = 100;

    /// <summary>
    /// Reads a duration. One that is not zero never becomes zero, since zero has a meaning of its own wherever
    /// durations are settings: below a tick it is rounded away from zero.
    /// </summary>
    /// <param name="text">What the client wrote.</param>
    /// <param name="duration">The duration; negative ones are kept as they are.</param>
    /// <param name="error">Go's sentence about what is wrong, e.g. <c>time: missing unit in duration "10"</c>.</param>
    public static bool TryParse(string text, out TimeSpan duration, [NotNullWhen(false)] out string? error)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            error = null;
            return true;
        }

        error = rest.IsEmpty ? Invalid(text) : Sum(text, rest, out duration);
        duration = negative ? -duration : duration;
        return error is null;
    }

    private static string? Sum(string text, ReadOnlySpan<char> rest, out TimeSpan duration)
    {
        duration = default;
        decimal nanoseconds = 0;
        while (!rest.IsEmpty)
        {
            var numberLength = LengthOf(rest, part => char.IsAsciiDigit(part) || part == '.');
            var number = rest[..numberLength];
            if (!TryReadNumber(number, out var value, out var numberEnd))
            {
                return Invalid(text);
            }

            // A second dot begins the next number, which then has no unit in front of it.
            rest = rest[numberEnd..];
            var unitLength = LengthOf(rest, part => !char.IsAsciiDigit(part) && part != '.');
            if (unitLength == 0)
            {
                return $"time: missing unit in duration {Quote(text)}";
            }

            var unit = rest[..unitLength];
            if (NanosecondsOf(unit) is not { } scale)
            {
                return $"time: unknown unit {Quote(unit.ToString())} in duration {Quote(text)}";
            }

            rest = rest[unitLength..];
            if (value > decimal.Floor((decimal)long.MaxValue / scale) + 1)
            {
                return Invalid(text);
            }

            nanoseconds += value * scale;
            if (nanoseconds > long.MaxValue)
            {
                return Invalid(text);
            }
        }

        duration = TimeSpan.FromTicks((long)Math.Ceiling(decimal.Floor(nanoseconds) / NanosecondsPerTick));
        return null;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> number, out decimal value, out int length)
    {
        value = 0;
        var dot = number.IndexOf('.');
        length = number.Length;
        if (dot >= 0)
        {
            var second = number[(dot + 1)..].IndexOf('.');
            length = second < 0 ? number.Length : dot + 1 + second;
        }

        number = number[..length];
        var digits = dot < 0 ? number : number[..dot];
        var fraction = dot < 0 ? default : number[(dot + 1)..];
        if (digits.IsEmpty && fraction.IsEmpty)
        {
            return false;
        }

        // More digits than a nanosecond count holds are an overflow on the left and noise on the right.
        digits = digits.TrimStart('0');
        if (digits.Length > 19)
        {
            return false;
        }

        foreach (var digit in digits)
        {
            value = (value * 10) + (digit - '0');
        }

        var weight = 0.1m;
        foreach (var digit in fraction[..Math.Min(fraction.Length, 18)])
        {
            value += (digit - '0') * weight;
            weight /= 10;
        }

        return true;
    }

    private static long? NanosecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1L,
        // The micro sign and the Greek letter mu look alike and are both accepted.
        "us" or "\u00b5s" or "\u03bcs" => 1_000L,
        "ms" => 1_000_000L,
        "s" => 1_000_000_000L,
        "m" => 60_000_000_000L,
        "h" => 3_600_000_000_000L,
        _ => null,
    };

    private static int LengthOf(ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        var length = 0;
        while (length < text.Length && belongs(text[length]))
        {
            length++;
        }

        return length;
    }

    private static string Invalid(string text) => $"time: invalid duration {Quote(text)}";

    // Go's time package quotes on its own: bytes outside printable ASCII become \xNN.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            _ = octet switch
            {
                (byte)'"' or (byte)'\\' => quoted.Append('\\').Append((char)octet),
                < 0x20 or >= 0x80 => quoted.Append("\\x").Append(Convert.ToHexStringLower([octet])),
                _ => quoted.Append((char)octet),
            };
        }

        return quoted.Append('"').ToString();
    }
}
