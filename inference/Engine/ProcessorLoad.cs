using System.Globalization;

namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// Measures how many processors other processes keep busy, from what Linux counts: the time of the processors that this
/// process may use, without its own. Elsewhere there is no load to see.
/// </summary>
internal sealed class ProcessorLoad(
    TimeProvider time, string statisticsPath = "/proc/stat", string statusPath = "/proc/self/status")
{
    // USER_HZ, the unit of /proc/stat; constant on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    // user nice system idle iowait irq softirq steal; what follows is contained in the first.
    private static readonly int[] BusyFields = [1, 2, 3, 6, 7, 8];

    private readonly HashSet<string> _processors =
        [.. ProcessorList.ReadAllowed(statusPath).Select(number => $"cpu{number}")];

    private TimeSpan _busy;
    private TimeSpan _own;
    private long _takenAt;

    /// <summary>Logical processors that this process may use, as far as Linux tells.</summary>
    public int ProcessorCount => _processors.Count > 0 ? _processors.Count : Environment.ProcessorCount;

    /// <summary>Processors that others kept busy since the last call; null at first and where unknown.</summary>
    /// <param name="own">Processor time of this process so far.</param>
    public double? Take(TimeSpan own)
    {
        if (_processors.Count == 0 || ReadBusy() is not { } busy)
        {
            return null;
        }

        var (busyBefore, ownBefore, takenBefore) = (_busy, _own, _takenAt);
        (_busy, _own, _takenAt) = (busy, own, time.GetTimestamp());
        var elapsed = time.GetElapsedTime(takenBefore, _takenAt);
        return takenBefore == 0 || elapsed <= TimeSpan.Zero
            ? null
            : Math.Max(0, (busy - busyBefore - (own - ownBefore)) / elapsed);
    }

    /// <summary>Lets the next call be the first one.</summary>
    public void Forget() => _takenAt = 0;

    private TimeSpan? ReadBusy()
    {
        try
        {
            var ticks = 0L;
            foreach (var line in File.ReadLines(statisticsPath))
            {
                // The lines of the processors come first.
                if (!line.StartsWith("cpu", StringComparison.Ordinal))
                {
                    break;
                }

                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (_processors.Contains(fields[0]))
                {
                    ticks += BusyFields.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture));
                }
            }

            return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException
            or IndexOutOfRangeException or OverflowException)
        {
            // A sandbox may hide it or tell something else.
            return null;
        }
    }
}
