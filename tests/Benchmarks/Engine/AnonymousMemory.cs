using System.Globalization;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Resident memory of another process that no file stands behind, from <c>/proc</c>.</summary>
internal static class AnonymousMemory
{
    private const string Field = "RssAnon:";
    private const long BytesPerUnit = 1024;

    /// <summary>Bytes.</summary>
    public static long Of(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith(Field, StringComparison.Ordinal));
        var number = line[Field.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0];
        return long.Parse(number, CultureInfo.InvariantCulture) * BytesPerUnit;
    }
}
