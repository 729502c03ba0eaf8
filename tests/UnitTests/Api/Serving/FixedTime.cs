namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>A clock that stands still, in a zone two hours ahead of UTC; its timers fire when a test says so.</summary>
internal sealed class FixedTime : TimeProvider
{
    private readonly ManualTimeProvider _timers = new();

    public override TimeZoneInfo LocalTimeZone { get; } =
        TimeZoneInfo.CreateCustomTimeZone("two", TimeSpan.FromHours(2), "two", "two");

    public override DateTimeOffset GetUtcNow() => new(2026, 8, 21, 10, 0, 0, 100, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _timers.CreateTimer(callback, state, dueTime, period);

    /// <summary>Fires the timers that are due within this time.</summary>
    public void Advance(TimeSpan time) => _timers.Advance(time);
}
