using Ollama.Platform.Host.Cli.Display;

namespace Ollama.Platform.UnitTests.Host.Cli;

public sealed class DisplayTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 KB")]
    [InlineData(1999, "1.9 KB")]
    [InlineData(815_319_791, "815 MB")]
    [InlineData(4_700_000_000, "4.7 GB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void Bytes_are_said_in_two_digits(long bytes, string text) => Assert.Equal(text, ByteText.Format(bytes));

    [Theory]
    [InlineData(-0.5, "Less than a second ago")]
    [InlineData(-45, "45 seconds ago")]
    [InlineData(-90, "About a minute ago")]
    [InlineData(-3600 * 5, "5 hours ago")]
    [InlineData(-86400 * 21, "3 weeks ago")]
    [InlineData(-86400 * 800, "2 years ago")]
    [InlineData(299, "4 minutes from now")]
    [InlineData(9.2e9, "Forever")]
    public void Moments_are_said_as_people_do(double seconds, string text) =>
        Assert.Equal(text, RelativeTime.Format(Now.AddSeconds(seconds), Now));

    [Fact]
    public void A_moment_that_never_was_is_never()
    {
        Assert.Equal("Never", RelativeTime.Format(RelativeTime.Parse("soon"), Now));
    }

    [Fact]
    public void Columns_line_up_and_the_last_one_ends_with_its_text()
    {
        var text = Columns.Format(["NAME", "SIZE"], [["a", "1 B"], ["longer-name", "22 MB"]]);
        Assert.Equal("NAME           SIZE\na              1 B\nlonger-name    22 MB\n", text);
        Assert.Equal("NAME    SIZE\n", Columns.Format(["NAME", "SIZE"], []));
    }

    [Theory]
    [InlineData(0, "0ns")]
    [InlineData(1_500, "1.5µs")]
    [InlineData(17_218_000, "17.218ms")]
    [InlineData(4_648_158_584, "4.648158584s")]
    [InlineData(62_500_000_000, "1m2.5s")]
    [InlineData(3_600_000_000_000, "1h0m0s")]
    public void Durations_are_said_as_Ollama_does(long nanoseconds, string text) =>
        Assert.Equal(text, GoDuration.Format(nanoseconds));
}
