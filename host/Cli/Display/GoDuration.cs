using System.Globalization;

namespace Ollama.Platform.Host.Cli.Display;

/// <summary>A duration as Ollama prints it: <c>17.2ms</c>, <c>4.648158584s</c>, <c>1m2.5s</c>.</summary>
internal static class GoDuration
{
    /// <summary>Writes nanoseconds in the largest unit that leaves a digit before the point.</summary>
    public static string Format(long nanoseconds)
    {
        var value = (decimal)nanoseconds;
        return Math.Abs(value) switch
        {
            < 1_000 => $"{nanoseconds}ns",
            < 1_000_000 => $"{Text(value / 1_000)}µs",
            < 1_000_000_000 => $"{Text(value / 1_000_000)}ms",
            < 60_000_000_000 => $"{Text(value / 1_000_000_000)}s",
            _ => Minutes(value / 1_000_000_000),
        };
    }

    private static string Minutes(decimal seconds)
    {
        var (hours, minutes) = ((long)(seconds / 3600), (long)(seconds % 3600 / 60));
        return $"{(hours > 0 ? $"{hours}h" : "")}{minutes}m{Text(seconds % 60)}s";
    }

    private static string Text(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
}
