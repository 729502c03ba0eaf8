namespace Ollama.Platform.Api.Olla.Traffic;

/// <summary>What was answered with one model. Guarded by the lock of <see cref="TrafficCounters"/>; a
/// copy belongs to whoever made it.</summary>
internal sealed class ModelTraffic(string name)
{
    // Enough for a 99th percentile that is not the slowest of all.
    private const int LatestCount = 256;

    private List<TimeSpan> _latest = [];
    private int _next;
    private TimeSpan _durationSum;

    /// <summary>The model's shortest name with its tag.</summary>
    public string Name { get; } = name;

    /// <summary>Requests that were answered.</summary>
    public long RequestCount { get; private set; }

    /// <summary>Those that the server failed.</summary>
    public long FailureCount { get; private set; }

    /// <summary>Bytes of all bodies that were sent.</summary>
    public long AnswerBytes { get; private set; }

    /// <summary>When the last of them had been answered.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>Adds an answer.</summary>
    public void Add(bool failed, TimeSpan duration, long bytes, DateTimeOffset now)
    {
        RequestCount++;
        FailureCount += failed ? 1 : 0;
        AnswerBytes += bytes;
        LastAt = now;
        _durationSum += duration;
        if (_latest.Count < LatestCount)
        {
            _latest.Add(duration);
        }
        else
        {
            _latest[_next] = duration;
            _next = (_next + 1) % LatestCount;
        }
    }

    /// <summary>The same as it is now, which nobody adds to.</summary>
    public ModelTraffic Copy()
    {
        var copy = (ModelTraffic)MemberwiseClone();
        copy._latest = [.. _latest];
        return copy;
    }

    /// <summary>The sums so far.</summary>
    public ModelTotals Read()
    {
        TimeSpan[] latest = [.. _latest.Order()];
        return new ModelTotals(
            Name, RequestCount, FailureCount, AnswerBytes, _durationSum / RequestCount, Share(latest, 95),
            Share(latest, 99), LastAt);
    }

    private static TimeSpan Share(TimeSpan[] ordered, int percent) =>
        ordered[Math.Max(0, (int)Math.Ceiling(ordered.Length * percent / 100.0) - 1)];
}
