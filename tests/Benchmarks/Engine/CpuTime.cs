using System.Globalization;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Processor time of another process, from <c>/proc</c>: its threads, user and system.</summary>
internal static class CpuTime
{
    /// <summary>Shortest time that is told apart; fixed in the interface of Linux.</summary>
    public static TimeSpan Tick { get; } = TimeSpan.FromMilliseconds(10);

    public static TimeSpan Of(int process)
    {
        // The second field is the program's name in parentheses and may contain blanks.
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return ticks * Tick;
    }
}
