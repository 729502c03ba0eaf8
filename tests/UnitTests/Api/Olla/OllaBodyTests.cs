using System.Text.Json;
using Ollama.Platform.Api.Olla;

namespace Ollama.Platform.UnitTests.Api.Olla;

public sealed class OllaBodyTests
{
    [Theory]
    [InlineData("{\"name\":\"m\"}", "{\"name\":\"m\",\"model\":\"m\"}")]
    [InlineData("{\"model\":\"\",\"name\":\"m\"}", "{\"model\":\"\",\"name\":\"m\",\"model\":\"m\"}")]
    [InlineData(
        "{\"options\":{\"max_tokens\":5}}",
        "{\"options\":{\"max_tokens\":5},\"options\":{\"max_tokens\":5,\"num_predict\":5}}")]
    [InlineData(
        "{\"name\":\"m\",\"options\":{\"seed\":1,\"max_tokens\":-1}}",
        "{\"name\":\"m\",\"options\":{\"seed\":1,\"max_tokens\":-1},\"model\":\"m\","
        + "\"options\":{\"seed\":1,\"max_tokens\":-1,\"num_predict\":-1}}")]
    [InlineData("{\"name\":\"\\ud800\"}", "{\"name\":\"\\ud800\",\"model\":\"\\ud800\"}")]
    public void What_Olla_allows_is_put_into_Ollamas_words(string body, string expected) =>
        Assert.Equal(expected, OllaBody.ToNative(JsonElement.Parse(body)).GetRawText());

    [Theory]
    [InlineData("{\"model\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"name\":\"\"}")]
    [InlineData("{\"name\":5}")]
    [InlineData("{\"options\":{\"max_tokens\":5,\"num_predict\":6}}")]
    [InlineData("{\"options\":{\"max_tokens\":\"5\"}}")]
    [InlineData("{\"options\":[]}")]
    [InlineData("{\"options\":null}")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"name\"")]
    [InlineData("null")]
    public void Everything_else_stays_as_it_is(string body)
    {
        var parsed = JsonElement.Parse(body);
        Assert.Equal(body, OllaBody.ToNative(parsed).GetRawText());
    }
}
