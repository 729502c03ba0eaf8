using Ollama.Platform.Api.Olla;

namespace Ollama.Platform.UnitTests.Api.Olla;

public sealed class OllaPathsTests
{
    [Theory]
    [InlineData("/ollama", "/olla/ollama", "/")]
    [InlineData("/ollama/", "/olla/ollama", "/")]
    [InlineData("/ollama/api/chat", "/olla/ollama", "/api/chat")]
    [InlineData("/ollama/api/list", "/olla/ollama", "/api/ps")]
    [InlineData("/openai/v1/chat/completions", "/olla/openai", "/v1/chat/completions")]
    [InlineData("/openai-compatible/v1/models", "/olla/openai-compatible", "/v1/models")]
    [InlineData("/anthropic/v1/messages/count_tokens", "/olla/anthropic", "/v1/messages/count_tokens")]
    [InlineData("/lm_studio/api/v1/models", "/olla/lm_studio", "/v1/models")]
    [InlineData("/proxy/v1/models", "/olla/proxy", "/v1/models")]
    [InlineData("/ollama//api/chat", "/olla/ollama", "//api/chat")]
    [InlineData("/ollama/ollama", "/olla/ollama", "/ollama")]
    public void A_prefix_is_taken_off(string rest, string prefix, string path)
    {
        var exchange = OllaPaths.Resolve(rest);
        Assert.NotNull(exchange);
        Assert.Equal((prefix, path), (exchange.Prefix, exchange.Path));
        Assert.Equal(prefix == "/olla/anthropic", exchange.IsAnthropic);
        Assert.Equal(path.StartsWith("/api/", StringComparison.Ordinal), exchange.IsNative);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/nobody/api/chat")]
    [InlineData("/Ollama/api/chat")]
    [InlineData("/models")]
    public void An_unknown_prefix_leads_nowhere(string rest) => Assert.Null(OllaPaths.Resolve(rest));
}
