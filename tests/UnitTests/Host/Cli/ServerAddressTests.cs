using Ollama.Platform.Host.Cli;
using Ollama.Platform.Host.Cli.Client;

namespace Ollama.Platform.UnitTests.Host.Cli;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData(null, "http://127.0.0.1:11434/")]
    [InlineData("0.0.0.0", "http://127.0.0.1:11434/")]
    [InlineData("[::]:8080", "http://[::1]:8080/")]
    [InlineData("gpu-box", "http://gpu-box:11434/")]
    [InlineData("http://gpu-box", "http://gpu-box/")]
    [InlineData("https://models.example/ollama/", "https://models.example/ollama/")]
    [InlineData(" \"127.0.0.1:1234\" ", "http://127.0.0.1:1234/")]
    public void A_client_reads_the_address_as_ollama_does(string? text, string address) =>
        Assert.Equal(address, ServerAddress.Parse(text).AbsoluteUri);

    [Fact]
    public void What_is_no_address_is_named()
    {
        var failure = Assert.Throws<CommandException>(() => ServerAddress.Parse("http://a b"));
        Assert.Contains("OLLAMA_HOST", failure.Message);
    }
}
