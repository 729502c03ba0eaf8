using Ollama.Platform.Api.Olla.Status;

namespace Ollama.Platform.UnitTests.Api.Olla;

public sealed class StatusFormTests
{
    [Theory]
    [InlineData(0L, "0 B")]
    [InlineData(1023L, "1023 B")]
    [InlineData(1024L, "1.0 KB")]
    [InlineData(1_610_612L, "1.5 MB")]
    [InlineData(long.MaxValue, "8.0 EB")]
    public void Bytes_are_shown_in_steps_of_1024(long bytes, string expected) =>
        Assert.Equal(expected, StatusText.Bytes(bytes));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(61, "1m1s")]
    [InlineData(3_661, "1h1m1s")]
    [InlineData(90_061, "1d1h1m")]
    public void Durations_are_as_coarse_as_they_are_long(int seconds, string expected) =>
        Assert.Equal(expected, StatusText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_share_is_a_percentage_and_none_before_the_first_request()
    {
        Assert.Equal("N/A", StatusText.Share(null));
        Assert.Equal("0%", StatusText.Share(0));
        Assert.Equal("99.5%", StatusText.Share(0.995));
        Assert.Equal("100%", StatusText.Share(1));
    }

    // Values of FNV-1a from its authors' test vectors, in base 36.
    [Theory]
    [InlineData("", 0x811c9dc5)]
    [InlineData("a", 0xe40c292c)]
    [InlineData("foobar", 0xbf9cf968)]
    public void Hashes_are_those_of_FNV(string text, uint expected)
    {
        var hash = StatusTag.Hash(System.Text.Encoding.UTF8.GetBytes(text));
        const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        var value = hash.Aggregate(0L, (sum, digit) => (sum * 36) + Digits.IndexOf(digit, StringComparison.Ordinal));
        Assert.Equal(expected, (uint)value);
    }
}
