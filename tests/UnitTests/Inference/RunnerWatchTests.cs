using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class RunnerWatchTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _reasons = [];
    private int _askedCount;
    private bool _busy = true;

    [Fact]
    public void An_idle_runner_is_left_alone()
    {
        using var watch = Watch(TimeSpan.FromSeconds(10));
        _busy = false;
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _askedCount);
        Assert.Empty(_reasons);
    }

    [Fact]
    public void A_runner_that_answers_goes_on()
    {
        using var watch = Watch(TimeSpan.FromSeconds(10));
        for (var count = 1; count < 100; count++)
        {
            _time.Advance(Tick);
            Assert.Equal(count, _askedCount);
            watch.Answered(TimeSpan.FromSeconds(10));
        }

        Assert.Empty(_reasons);
    }

    [Fact]
    public void A_runner_that_does_not_answer_ends_after_the_limit()
    {
        using var watch = Watch(TimeSpan.FromSeconds(10));
        _time.Advance(Tick);
        _time.Advance(4 * Tick);
        Assert.Empty(_reasons);
        Assert.Equal(1, _askedCount);
        _time.Advance(Tick);
        Assert.Contains("did not answer within 00:00:10", Assert.Single(_reasons));
    }

    [Fact]
    public void A_step_beyond_the_limit_ends_the_runner_though_it_answers()
    {
        using var watch = Watch(TimeSpan.FromMinutes(5));
        _time.Advance(RunnerWatch.AnswerTimeMax / 5);
        watch.Answered(TimeSpan.FromMinutes(5));
        Assert.Empty(_reasons);
        watch.Answered(TimeSpan.FromMinutes(5.1));
        Assert.Contains("step did not return within 00:05:00", Assert.Single(_reasons));
    }

    [Fact]
    public void Without_a_limit_nothing_is_watched()
    {
        using var watch = Watch(Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromDays(1));
        watch.Answered(TimeSpan.FromDays(1));
        Assert.Equal(0, _askedCount);
        Assert.Empty(_reasons);
    }

    private RunnerWatch Watch(TimeSpan limit) =>
        new(limit, _time, () => _busy, () => _askedCount++, _reasons.Add);
}
