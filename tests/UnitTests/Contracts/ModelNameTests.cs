using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Contracts;

public sealed class ModelNameTests
{
    [Theory]
    [InlineData("tiny-chat", "tiny-chat:latest")]
    [InlineData("tiny-chat:q4", "tiny-chat:q4")]
    [InlineData("someone/m", "someone/m:latest")]
    [InlineData("localhost:5000/a/b:c", "localhost:5000/a/b:c")]
    [InlineData("http://localhost:5000/a/b", "localhost:5000/a/b:latest")]
    [InlineData("registry.ollama.ai/library/m:latest", "m:latest")]
    [InlineData("  m  ", "m:latest")]
    public void A_valid_name_shows_its_shortest_form(string text, string display)
    {
        Assert.True(ModelName.TryParse(text, out var name));
        Assert.Equal(display, name.DisplayName);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("a b")]
    [InlineData(":tag")]
    [InlineData("model:")]
    [InlineData("/model")]
    [InlineData("../../etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a/b/c/d")]
    [InlineData("m\0")]
    [InlineData(".hidden")]
    [InlineData("m:.")]
    [InlineData("na.me/m")]
    [InlineData("test@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public void An_invalid_name_is_refused(string? text) => Assert.False(ModelName.TryParse(text, out _));

    [Fact]
    public void A_name_of_ten_kilobytes_is_refused() =>
        Assert.False(ModelName.TryParse(new string('a', 10_240), out _));

    [Fact]
    public void A_part_has_at_most_80_characters()
    {
        Assert.True(ModelName.TryParse(new string('a', 80), out _));
        Assert.False(ModelName.TryParse(new string('a', 81), out _));
    }
}
