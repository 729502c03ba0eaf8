using System.Globalization;

namespace Ollama.Platform.Api.Streaming;

/// <summary>Moments and durations as Go writes them: RFC 3339 without trailing zeros, and nanoseconds.</summary>
internal static class WireTime
{
    private const int NanosecondsPerTick = 100;

    // The longest a 64-bit count of nanoseconds reaches: what "never" looks like on this wire, about 292 years.
    private static readonly TimeSpan Forever = TimeSpan.FromTicks(long.MaxValue / NanosecondsPerTick);

    /// <summary>A moment in UTC, ending in <c>Z</c>.</summary>
    public static string Utc(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A moment in the server's zone with its offset.</summary>
    public static string Local(DateTimeOffset moment, TimeProvider time)
    {
        var local = TimeZoneInfo.ConvertTime(moment, time.LocalTimeZone);
        return local.Offset == TimeSpan.Zero
            ? Utc(local)
            : local.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
    }

    /// <summary>When a keep-alive ends, in the server's zone; null is never.</summary>
    public static string Expiry(DateTimeOffset? moment, TimeProvider time) =>
        Local(moment ?? (time.GetUtcNow() + Forever), time);

    /// <summary>A duration in nanoseconds.</summary>
    public static long Nanoseconds(TimeSpan duration) => duration.Ticks * NanosecondsPerTick;
}
