namespace Ollama.Platform.Api.Olla.Traffic;

/// <summary>Sums over all requests that were answered. Those that run are only in <see cref="ActiveCount"/>.</summary>
internal sealed record TrafficTotals
{
    /// <summary>Requests that are being answered.</summary>
    public int ActiveCount { get; init; }

    /// <summary>Requests that were answered.</summary>
    public long RequestCount { get; init; }

    /// <summary>Those that the server failed.</summary>
    public long FailureCount { get; init; }

    /// <summary>Those whose body was too long.</summary>
    public long SizeRefusalCount { get; init; }

    /// <summary>Those that came too often.</summary>
    public long RateRefusalCount { get; init; }

    /// <summary>Bytes of all bodies that were sent.</summary>
    public long AnswerBytes { get; init; }

    /// <summary>Time that all of them took.</summary>
    public TimeSpan DurationSum { get; init; }

    /// <summary>Time that the fastest took; zero before the first.</summary>
    public TimeSpan DurationMin { get; init; }

    /// <summary>Time that the slowest took.</summary>
    public TimeSpan DurationMax { get; init; }

    /// <summary>Mean time in whole milliseconds; zero before the first.</summary>
    public long MillisecondsMean => RequestCount == 0 ? 0 : (long)(DurationSum.TotalMilliseconds / RequestCount);

    /// <summary>Share that did not fail, from 0 to 1; null before the first.</summary>
    public double? SuccessRate => RequestCount == 0 ? null : (double)(RequestCount - FailureCount) / RequestCount;
}
