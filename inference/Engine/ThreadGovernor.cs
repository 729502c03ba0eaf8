namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// Gives each engine of this process its number of threads, and takes some back while other processes compete. Looks
/// four times a second while an engine computes or has fewer threads than it could, on a thread of the pool; an engine
/// takes its new number before its next step.
/// </summary>
internal sealed class ThreadGovernor : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly ProcessorLoad _load;
    private readonly Func<TimeSpan> _ownTime;
    private readonly ThreadCountPolicy _policy;
    private readonly List<GovernedThreads> _engines = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _lookedAt;

    /// <summary>Begins to look once there is an engine.</summary>
    /// <param name="load">Measures what others do.</param>
    /// <param name="ownTime">Processor time of this process so far.</param>
    /// <param name="time">Ticks.</param>
    public ThreadGovernor(ProcessorLoad load, Func<TimeSpan> ownTime, TimeProvider time)
    {
        (_load, _ownTime, _time) = (load, ownTime, time);
        _policy = new ThreadCountPolicy(load.ProcessorCount);
        _timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Governs an engine until the result is disposed.</summary>
    /// <param name="threadCountMax">What the engine uses alone on a quiet machine.</param>
    public GovernedThreads Add(int threadCountMax)
    {
        var threads = new GovernedThreads(threadCountMax, Remove, _time);
        lock (_lock)
        {
            _engines.Add(threads);
            if (_engines.Count == 1)
            {
                _timer.Change(Period, Period);
            }
        }

        return threads;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Remove(GovernedThreads threads)
    {
        lock (_lock)
        {
            _engines.Remove(threads);
            if (_engines.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            var (activeCount, computed) = (0, TimeSpan.Zero);
            foreach (var engine in _engines)
            {
                var time = engine.TakeComputed();
                activeCount += time > TimeSpan.Zero ? 1 : 0;
                computed = time > computed ? time : computed;
            }

            if (activeCount == 0 && _policy.IsHighest)
            {
                // Nothing to decide, and the machine may sleep. What others do meanwhile says nothing about later.
                _load.Forget();
                return;
            }

            // Threads that were taken back are given again while nobody computes, too: the next step may be a long one.
            var (lookedAt, now) = (_lookedAt, _time.GetTimestamp());
            _lookedAt = now;
            if (_load.Take(_ownTime()) is not { } foreign)
            {
                return;
            }

            _policy.Take(foreign, Compete(foreign, computed / _time.GetElapsedTime(lookedAt, now)));
            foreach (var engine in _engines)
            {
                engine.Count = ThreadCountPolicy.Share(_policy.Total, activeCount, engine.CountMax);
            }
        }
    }

    // What others did for certain while an engine computed: they may have had all processors while none did.
    private double Compete(double foreign, double computedPart)
    {
        var part = Math.Min(computedPart, 1);
        return part <= 0 ? 0 : Math.Max(0, foreign - ((1 - part) * _load.ProcessorCount)) / part;
    }
}
