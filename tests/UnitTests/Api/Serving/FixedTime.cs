namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>A clock that stands still, in a zone two hours ahead of UTC.</summary>
internal sealed class FixedTime : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone { get; } =
        TimeZoneInfo.CreateCustomTimeZone("two", TimeSpan.FromHours(2), "two", "two");

    public override DateTimeOffset GetUtcNow() => new(2026, 8, 21, 10, 0, 0, 100, TimeSpan.Zero);
}
