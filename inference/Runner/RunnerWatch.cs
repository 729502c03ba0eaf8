namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// Ends a runner that does not answer, or whose step does not return. Asks while there is work and at a modest rate, so
/// that an idle runner sleeps. Time is counted in the watch's own ticks: when this process was starved, or stopped,
/// the runner is not blamed for it.
/// </summary>
internal sealed class RunnerWatch : IDisposable
{
    /// <summary>How long any runner may take to answer; a stopped process is noticed after this.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(30);

    private const int TicksOfLimit = 5;
    private static readonly TimeSpan PeriodMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PeriodMax = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _stepTimeMax;
    private readonly TimeSpan _period;
    private readonly Func<bool> _isBusy;
    private readonly Action _ask;
    private readonly Action<string> _expire;
    private readonly ITimer? _timer;
    private readonly Lock _lock = new();
    private int _ticksUnanswered = -1;

    /// <summary>Begins to watch.</summary>
    /// <param name="stepTimeMax">How long a step may take; zero or less watches nothing.</param>
    /// <param name="time">Ticks.</param>
    /// <param name="isBusy">Whether somebody waits for the runner.</param>
    /// <param name="ask">Sends a question; must not block.</param>
    /// <param name="expire">Ends the runner, for the given reason.</param>
    public RunnerWatch(
        TimeSpan stepTimeMax, TimeProvider time, Func<bool> isBusy, Action ask, Action<string> expire)
    {
        (_stepTimeMax, _isBusy, _ask, _expire) = (stepTimeMax, isBusy, ask, expire);
        if (stepTimeMax <= TimeSpan.Zero)
        {
            return;
        }

        var limit = stepTimeMax < AnswerTimeMax ? stepTimeMax : AnswerTimeMax;
        _period = limit / TicksOfLimit;
        _period = _period < PeriodMin ? PeriodMin : _period > PeriodMax ? PeriodMax : _period;
        _timer = time.CreateTimer(_ => Tick(), null, _period, _period);
    }

    /// <summary>The runner answered.</summary>
    /// <param name="stepTime">How long the step has been running that it is in; zero when it is in none.</param>
    public void Answered(TimeSpan stepTime)
    {
        lock (_lock)
        {
            _ticksUnanswered = -1;
        }

        if (_timer is not null && stepTime > _stepTimeMax)
        {
            _expire($"a step did not return within {_stepTimeMax}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        bool asks;
        lock (_lock)
        {
            asks = _ticksUnanswered < 0;
            if (asks ? !_isBusy() : _ticksUnanswered + 1 < TicksOfLimit)
            {
                _ticksUnanswered += asks ? 0 : 1;
                return;
            }

            _ticksUnanswered++;
        }

        if (asks)
        {
            _ask();
        }
        else
        {
            _expire($"the runner did not answer within {_period * TicksOfLimit}");
        }
    }
}
