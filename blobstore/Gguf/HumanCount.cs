using System.Globalization;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>Writes a number of parameters as people say it: <c>8.0B</c>, <c>2.75M</c>, <c>923K</c>.</summary>
public static class HumanCount
{
    /// <summary>One decimal for billions, two for millions, none where the number is whole or smaller.</summary>
    public static string Format(long count) => count switch
    {
        >= 1_000_000_000 => Scale(count, 1e9, "0.0", "B"),
        >= 1_000_000 => Scale(count, 1e6, "0.00", "M"),
        >= 1_000 => Scale(count, 1e3, "0", "K"),
        _ => count.ToString(CultureInfo.InvariantCulture),
    };

    private static string Scale(long count, double unit, string format, string suffix)
    {
        var scaled = count / unit;
        return scaled.ToString(scaled == Math.Floor(scaled) ? "0" : format, CultureInfo.InvariantCulture) + suffix;
    }
}
