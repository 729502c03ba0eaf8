using System.Globalization;

namespace Ollama.Platform.Host.Options;

/// <summary>Numbers of bytes as people write them: <c>5000000</c>, <c>5MB</c>, <c>1.5 GiB</c>.</summary>
internal static class ByteCount
{
    private static readonly (string Suffix, long Bytes)[] Units =
    [
        ("kib", 1L << 10), ("mib", 1L << 20), ("gib", 1L << 30), ("kb", 1_000), ("mb", 1_000_000),
        ("gb", 1_000_000_000), ("k", 1_000), ("m", 1_000_000), ("g", 1_000_000_000), ("b", 1), ("", 1),
    ];

    /// <summary>Reads a number of bytes, zero or above.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        text = text.ToLowerInvariant();
        bytes = 0;
        var (suffix, scale) = Units.First(unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        if (!decimal.TryParse(
                text[..^suffix.Length].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var number)
            || number > long.MaxValue / scale)
        {
            return false;
        }

        bytes = (long)(number * scale);
        return true;
    }
}
