using System.Globalization;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Processor time of another process, from <c>/proc</c>: its threads, user and system.</summary>
internal static class CpuTime
{
    /// <summary>Clock ticks a second; fixed at 100 in the interface of Linux.</summary>
    private const double TicksPerSecond = 100;

    public static TimeSpan Of(int process)
    {
        // The second field is the program's name in parentheses and may contain blanks.
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
