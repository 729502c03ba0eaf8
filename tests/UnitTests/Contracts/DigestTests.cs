using System.Text;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Contracts;

public sealed class DigestTests
{
    private const string HexOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void A_digest_names_its_content() =>
        Assert.Equal("sha256:" + HexOfAbc, Digest.Of(Encoding.ASCII.GetBytes("abc")).ToString());

    [Theory]
    [InlineData("sha256:" + HexOfAbc)]
    [InlineData("sha256-" + HexOfAbc)]
    public void Both_separators_and_any_case_mean_the_same_digest(string text)
    {
        Assert.True(Digest.TryParse(text, out var digest));
        Assert.True(Digest.TryParse(text.ToUpperInvariant().Replace("SHA256", "sha256"), out var upper));
        Assert.Equal(digest, upper);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256:xyz")]
    [InlineData("md5:" + HexOfAbc)]
    [InlineData("sha256:" + HexOfAbc + "0")]
    [InlineData("sha256:../678bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
    public void Anything_else_is_refused(string? text) => Assert.False(Digest.TryParse(text, out _));
}
