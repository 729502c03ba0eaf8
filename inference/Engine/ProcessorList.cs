using System.Globalization;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Lists of logical processors as Linux writes them: <c>0-3,8</c>.</summary>
internal static class ProcessorList
{
    // More than any machine has; a list that claims more is none.
    private const int NumberMax = 8191;

    /// <summary>The numbers of a list; what cannot be read ends it.</summary>
    public static IEnumerable<int> Parse(string list)
    {
        foreach (var part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || last > NumberMax)
            {
                yield break;
            }

            for (var number = first; number <= last; number++)
            {
                yield return number;
            }
        }
    }

    /// <summary>The processors that a process may use, by its status file; empty when that cannot be known.</summary>
    public static IReadOnlySet<int> ReadAllowed(string statusPath)
    {
        const string key = "Cpus_allowed_list:";
        try
        {
            var line = File.ReadLines(statusPath)
                .FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
            return Parse(line?[key.Length..] ?? "").ToHashSet();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new HashSet<int>();
        }
    }
}
