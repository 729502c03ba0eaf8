namespace Ollama.Platform.Api.Olla.Traffic;

/// <summary>What this server has answered since it started. Any thread.</summary>
internal sealed class TrafficCounters
{
    private readonly TimeProvider _time;
    private readonly Lock _turn = new();
    private TrafficTotals _totals = new();

    /// <summary>Begins to count now.</summary>
    public TrafficCounters(TimeProvider time) => (_time, StartedAt) = (time, time.GetUtcNow());

    /// <summary>When counting began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>How long ago that was.</summary>
    public TimeSpan Uptime => _time.GetUtcNow() - StartedAt;

    /// <summary>A request has come.</summary>
    public void Begin()
    {
        lock (_turn)
        {
            _totals = _totals with { ActiveCount = _totals.ActiveCount + 1 };
        }
    }

    /// <summary>A request that had begun was answered, or left.</summary>
    /// <param name="status">HTTP status of the answer.</param>
    /// <param name="failed">The server is to blame for the answer.</param>
    /// <param name="duration">From its arrival to the end of its answer.</param>
    /// <param name="bytes">Length of the answer's body.</param>
    public void End(int status, bool failed, TimeSpan duration, long bytes)
    {
        lock (_turn)
        {
            _totals = _totals with
            {
                ActiveCount = _totals.ActiveCount - 1,
                RequestCount = _totals.RequestCount + 1,
                FailureCount = _totals.FailureCount + (failed ? 1 : 0),
                SizeRefusalCount = _totals.SizeRefusalCount + (status == 413 ? 1 : 0),
                RateRefusalCount = _totals.RateRefusalCount + (status == 429 ? 1 : 0),
                AnswerBytes = _totals.AnswerBytes + bytes,
                DurationSum = _totals.DurationSum + duration,
                DurationMin = _totals.RequestCount == 0 || duration < _totals.DurationMin
                    ? duration
                    : _totals.DurationMin,
                DurationMax = duration > _totals.DurationMax ? duration : _totals.DurationMax,
            };
        }
    }

    /// <summary>The sums so far.</summary>
    public TrafficTotals Read()
    {
        lock (_turn)
        {
            return _totals;
        }
    }
}
