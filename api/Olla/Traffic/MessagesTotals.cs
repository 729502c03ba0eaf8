namespace Ollama.Platform.Api.Olla.Traffic;

/// <summary>Sums over the requests of Anthropic's dialect that were answered.</summary>
internal sealed record MessagesTotals
{
    /// <summary>Requests that were answered.</summary>
    public long RequestCount { get; init; }

    /// <summary>Those that the server failed.</summary>
    public long FailureCount { get; init; }

    /// <summary>Those that were answered by a stream.</summary>
    public long StreamCount { get; init; }

    /// <summary>Time that all of them took.</summary>
    public TimeSpan DurationSum { get; init; }

    /// <summary>Mean time in whole milliseconds; zero before the first.</summary>
    public long MillisecondsMean => RequestCount == 0 ? 0 : (long)(DurationSum.TotalMilliseconds / RequestCount);

    /// <summary>Share that did not fail, from 0 to 1; null before the first.</summary>
    public double? SuccessRate => RequestCount == 0 ? null : (double)(RequestCount - FailureCount) / RequestCount;

    /// <summary>The same with one more.</summary>
    public MessagesTotals Add(bool failed, bool isStream, TimeSpan duration) => new()
    {
        RequestCount = RequestCount + 1,
        FailureCount = FailureCount + (failed ? 1 : 0),
        StreamCount = StreamCount + (isStream ? 1 : 0),
        DurationSum = DurationSum + duration,
    };
}
