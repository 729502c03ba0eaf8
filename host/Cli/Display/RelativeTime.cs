using System.Globalization;

namespace Ollama.Platform.Host.Cli.Display;

/// <summary>A moment as people say it: <c>3 hours ago</c>, <c>4 minutes from now</c>.</summary>
internal static class RelativeTime
{
    // Infinite keep-alive is reported as a moment some 292 years ahead.
    private static TimeSpan ForeverFrom { get; } = TimeSpan.FromDays(365 * 20);

    /// <summary>Says how far a moment lies from now.</summary>
    /// <param name="moment">The moment; null for one that never was.</param>
    /// <param name="now">The present.</param>
    public static string Format(DateTimeOffset? moment, DateTimeOffset now)
    {
        if (moment is not { } value)
        {
            return "Never";
        }

        var distance = value - now;
        return distance > ForeverFrom ? "Forever"
            : distance > TimeSpan.Zero ? $"{Words(distance)} from now"
            : $"{Words(-distance)} ago";
    }

    /// <summary>Reads the time of an API field; null when there is none.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            ? moment
            : null;

    private static string Words(TimeSpan distance) => distance switch
    {
        { TotalSeconds: < 1 } => "Less than a second",
        { TotalSeconds: < 2 } => "1 second",
        { TotalSeconds: < 60 } => $"{(int)distance.TotalSeconds} seconds",
        { TotalMinutes: < 2 } => "About a minute",
        { TotalMinutes: < 60 } => $"{(int)distance.TotalMinutes} minutes",
        { TotalHours: < 2 } => "About an hour",
        { TotalHours: < 48 } => $"{(int)distance.TotalHours} hours",
        { TotalDays: < 14 } => $"{(int)distance.TotalDays} days",
        { TotalDays: < 60 } => $"{(int)(distance.TotalDays / 7)} weeks",
        { TotalDays: < 730 } => $"{(int)(distance.TotalDays / 30)} months",
        _ => $"{(int)(distance.TotalDays / 365)} years",
    };
}
