using System.Globalization;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>Reads <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
internal static class CallTimeout
{
    /// <summary>The header.</summary>
    public const string Header = "grpc-timeout";

    private const int DigitsMax = 8;

    // What a timer can wait for; nobody waits longer.
    private static readonly TimeSpan Max = TimeSpan.FromDays(49);

    /// <summary>The time; null when there is none, or none that can be read, as the protocol has it.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length is < 2 or > DigitsMax + 1
            || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || TicksOf(text[^1]) is not { } ticks)
        {
            return null;
        }

        // What is not over yet must not become over by rounding.
        var time = Math.Ceiling(count * ticks);
        return time > Max.Ticks ? Max : TimeSpan.FromTicks((long)time);
    }

    private static decimal? TicksOf(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        'n' => 0.01m,
        _ => null,
    };
}
