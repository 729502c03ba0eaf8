using Ollama.Platform.Contracts.Text;

namespace Ollama.Platform.UnitTests.Contracts;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("+0", 0)]
    [InlineData("0s", 0)]
    [InlineData("300ms", 300)]
    [InlineData("5m", 300_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData(".5s", 500)]
    [InlineData("1.s", 1_000)]
    [InlineData("-1m", -60_000)]
    [InlineData("+1m", 60_000)]
    [InlineData("2000us", 2)]
    [InlineData("2000\u00b5s", 2)]
    [InlineData("2000\u03bcs", 2)]
    [InlineData("3000000ns", 3)]
    public void A_duration_is_the_sum_of_its_parts(string text, long milliseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration, out var error), error);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("-", "time: invalid duration \"-\"")]
    [InlineData("10", "time: missing unit in duration \"10\"")]
    [InlineData("1.5", "time: missing unit in duration \"1.5\"")]
    [InlineData("1h10", "time: missing unit in duration \"1h10\"")]
    [InlineData("1..5s", "time: missing unit in duration \"1..5s\"")]
    [InlineData("5 m", "time: unknown unit \" m\" in duration \"5 m\"")]
    [InlineData("3d", "time: unknown unit \"d\" in duration \"3d\"")]
    [InlineData("abc", "time: invalid duration \"abc\"")]
    [InlineData(".s", "time: invalid duration \".s\"")]
    [InlineData(" 5m", "time: invalid duration \" 5m\"")]
    [InlineData("5m ", "time: unknown unit \"m \" in duration \"5m \"")]
    [InlineData("--5m", "time: invalid duration \"--5m\"")]
    [InlineData("9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\"")]
    [InlineData("9223372036854775807h", "time: invalid duration \"9223372036854775807h\"")]
    [InlineData("99999999999999999999999h", "time: invalid duration \"99999999999999999999999h\"")]
    [InlineData("a\"\\\u00e9\n", "time: invalid duration \"a\\\"\\\\\\xc3\\xa9\\x0a\"")]
    public void What_is_wrong_with_a_duration_is_said_in_the_words_of_Go(string text, string expected)
    {
        Assert.False(GoDuration.TryParse(text, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_duration_below_the_resolution_does_not_become_zero()
    {
        Assert.True(GoDuration.TryParse("1ns", out var duration, out _));
        Assert.Equal(TimeSpan.FromTicks(1), duration);
    }

    [Fact]
    public void The_longest_duration_is_that_of_a_64_bit_nanosecond_count()
    {
        Assert.True(GoDuration.TryParse("9223372036854775807ns", out var duration, out _));
        Assert.Equal(292, (int)(duration.TotalDays / 365.25));
    }

    [Fact]
    public void A_long_fraction_is_cut_and_not_refused()
    {
        Assert.True(GoDuration.TryParse("0.50000000000000000000000000000000000000s", out var duration, out _));
        Assert.Equal(TimeSpan.FromMilliseconds(500), duration);
    }
}
