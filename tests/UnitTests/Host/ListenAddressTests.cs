using Ollama.Platform.Host.Options;

namespace Ollama.Platform.UnitTests.Host;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData(null, "http://127.0.0.1:11434")]
    [InlineData("", "http://127.0.0.1:11434")]
    [InlineData("1.2.3.4", "http://1.2.3.4:11434")]
    [InlineData("1.2.3.4:5", "http://1.2.3.4:5")]
    [InlineData(":1234", "http://127.0.0.1:1234")]
    [InlineData("http://1.2.3.4", "http://1.2.3.4:80")]
    [InlineData("https://1.2.3.4", "http://1.2.3.4:443")]
    [InlineData("https://1.2.3.4:8080/ollama", "http://1.2.3.4:8080")]
    [InlineData("example.com/path", "http://example.com:11434")]
    [InlineData("[::1]", "http://[::1]:11434")]
    [InlineData("[::1]:80", "http://[::1]:80")]
    [InlineData("::1", "http://[::1]:11434")]
    [InlineData(" \"0.0.0.0:0\" ", "http://0.0.0.0:0")]
    public void An_address_is_read_by_Ollamas_rules(string? text, string expected)
    {
        var warnings = new List<string>();
        Assert.Equal(expected, ListenAddress.Parse(text, warnings).ToString());
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("1.2.3.4:70000", "http://1.2.3.4:11434")]
    [InlineData("1.2.3.4:-1", "http://1.2.3.4:11434")]
    [InlineData("https://1.2.3.4:x", "http://1.2.3.4:443")]
    public void A_bad_port_falls_back_with_a_warning(string text, string expected)
    {
        var warnings = new List<string>();
        Assert.Equal(expected, ListenAddress.Parse(text, warnings).ToString());
        Assert.Contains("OLLAMA_HOST", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("localhost:80", true)]
    [InlineData("[::1]", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("example.com", false)]
    public void Loopback_is_recognised(string text, bool expected) =>
        Assert.Equal(expected, ListenAddress.Parse(text, []).IsLoopback);
}
