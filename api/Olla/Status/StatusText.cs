using System.Globalization;

namespace Ollama.Platform.Api.Olla.Status;

/// <summary>Quantities as Olla's status shows them to people.</summary>
internal static class StatusText
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary><c>99.5%</c>; <c>N/A</c> before the first request.</summary>
    public static string Share(double? share) =>
        share is { } known ? (known * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%" : "N/A";

    /// <summary><c>12ms</c>.</summary>
    public static string Milliseconds(long milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");

    /// <summary><c>1.5 MB</c>, in steps of 1024.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return $"{value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary><c>3d4h5m</c>, or <c>5m6s</c>, as coarse as it is long.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { Days: > 0 } => $"{duration.Days}d{duration.Hours}h{duration.Minutes}m",
        { Hours: > 0 } => $"{duration.Hours}h{duration.Minutes}m{duration.Seconds}s",
        { Minutes: > 0 } => $"{duration.Minutes}m{duration.Seconds}s",
        _ => $"{duration.Seconds}s",
    };
}
