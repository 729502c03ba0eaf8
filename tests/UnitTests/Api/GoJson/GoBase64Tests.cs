using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.UnitTests.Api.GoJson;

public sealed class GoBase64Tests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("AA==", "00")]
    [InlineData("AAE=", "0001")]
    [InlineData("AAEC", "000102")]
    [InlineData("+/+/", "fbffbf")]
    [InlineData("AA\\nEC\\r\\n", "000102")]
    [InlineData("AA=\\n=", "00")]
    [InlineData("AAE=\\n", "0001")]
    [InlineData("AB==", "00")]
    [InlineData("\\u0041AEC", "000102")]
    public void Standard_base64_is_decoded(string text, string hex)
    {
        Assert.Null(GoBase64.Decode(JsonElement.Parse("\"" + text + "\""), out var decoded));
        Assert.Equal(hex, Convert.ToHexStringLower(decoded));
    }

    [Theory]
    [InlineData("A", 0)]
    [InlineData("AA", 0)]
    [InlineData("AAA", 0)]
    [InlineData("AAECA", 4)]
    [InlineData("AA=", 3)]
    [InlineData("AA=A", 2)]
    [InlineData("A===", 1)]
    [InlineData("=", 0)]
    [InlineData("AAE=A", 4)]
    [InlineData("AA==AA==", 4)]
    [InlineData("AA EC", 2)]
    [InlineData("AA\\tEC", 2)]
    [InlineData("AA-_", 2)]
    [InlineData("data:image/png;base64,AAAA", 4)]
    [InlineData("AAECé", 4)]
    public void Anything_else_is_refused_with_its_offset(string text, int offset) =>
        Assert.Equal(
            $"illegal base64 data at input byte {offset}",
            GoBase64.Decode(JsonElement.Parse("\"" + text + "\""), out _));
}
