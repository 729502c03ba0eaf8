using System.Globalization;
using System.Text;
using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>The codes of <c>strftime</c>, in English whatever the machine's language.</summary>
internal static class TimeFormat
{
    public static string Apply(RenderState state, DateTimeOffset time, string format)
    {
        state.Charge(format.Length);
        var text = new StringBuilder();
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%' || at + 1 >= format.Length)
            {
                text.Append(format[at]);
                continue;
            }

            // A dash means: without padding.
            var unpadded = format[at + 1] == '-' && at + 2 < format.Length;
            at += unpadded ? 2 : 1;
            var part = Code(time, format[at]) ?? $"%{(unpadded ? "-" : string.Empty)}{format[at]}";
            text.Append(unpadded && part.Length > 1 ? part[..^1].TrimStart('0', ' ') + part[^1] : part);
        }

        return text.ToString();
    }

    private static string? Code(DateTimeOffset time, char code) => code switch
    {
        'a' => Invariant(time, "ddd"),
        'A' => Invariant(time, "dddd"),
        'b' or 'h' => Invariant(time, "MMM"),
        'B' => Invariant(time, "MMMM"),
        'c' => Invariant(time, "ddd MMM ") + Padded(time.Day) + Invariant(time, " HH:mm:ss yyyy"),
        'd' => Invariant(time, "dd"),
        'D' or 'x' => Invariant(time, "MM'/'dd'/'yy"),
        'e' => Padded(time.Day),
        'f' => Invariant(time, "ffffff"),
        'F' => Invariant(time, "yyyy-MM-dd"),
        'G' => Number(ISOWeek.GetYear(time.DateTime), 4),
        'H' => Invariant(time, "HH"),
        'I' => Invariant(time, "hh"),
        'j' => Number(time.DayOfYear, 3),
        'k' => Padded(time.Hour),
        'l' => Padded((time.Hour + 11) % 12 + 1),
        'm' => Invariant(time, "MM"),
        'M' => Invariant(time, "mm"),
        'n' => "\n",
        'p' => Invariant(time, "tt"),
        'r' => Invariant(time, "hh:mm:ss tt"),
        'R' => Invariant(time, "HH:mm"),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => Invariant(time, "ss"),
        't' => "\t",
        'T' or 'X' => Invariant(time, "HH:mm:ss"),
        'u' => Number(((int)time.DayOfWeek + 6) % 7 + 1, 1),
        'U' => Number((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
        'V' => Number(ISOWeek.GetWeekOfYear(time.DateTime), 2),
        'w' => Number((int)time.DayOfWeek, 1),
        'W' => Number((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
        'y' => Invariant(time, "yy"),
        'Y' => Number(time.Year, 4),
        'z' => Invariant(time, "zzz").Replace(":", string.Empty, StringComparison.Ordinal),
        'Z' => time.Offset == TimeSpan.Zero ? "UTC" : Invariant(time, "zzz"),
        '%' => "%",
        _ => null,
    };

    private static string Invariant(DateTimeOffset time, string format) =>
        time.ToString(format, CultureInfo.InvariantCulture);

    private static string Number(int number, int digits) => number.ToString($"D{digits}", CultureInfo.InvariantCulture);

    private static string Padded(int number) => number.ToString(CultureInfo.InvariantCulture).PadLeft(2);
}
