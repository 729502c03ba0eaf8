using System.Globalization;

namespace Ollama.Platform.Host.Cli.Display;

/// <summary>A number of bytes in decimal units, as Ollama prints it: <c>815 MB</c>, <c>4.7 GB</c>.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A digit after the point only below ten; nothing is rounded up.</summary>
    public static string Format(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 1000 && unit < Units.Length - 1; unit++)
        {
            value /= 1000;
        }

        var shown = value < 10 ? Math.Truncate(value * 10) / 10 : Math.Truncate(value);
        return $"{shown.ToString("0.#", CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
