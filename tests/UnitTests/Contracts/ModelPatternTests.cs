using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Contracts;

public sealed class ModelPatternTests
{
    [Theory]
    [InlineData("*", "registry.example.com:5000/team/m:7b", true)]
    [InlineData("*", "m", true)]
    [InlineData("qwen3", "qwen3", true)]
    [InlineData("qwen3", "Qwen3:8b", true)]
    [InlineData("qwen3", "qwen3-vl", false)]
    [InlineData("qwen3", "someone/qwen3", false)]
    [InlineData("qwen3", "hf.co/library/qwen3", false)]
    [InlineData("qwen3:8b", "qwen3:8b", true)]
    [InlineData("qwen3:8b", "qwen3", false)]
    [InlineData("qwen*", "qwen3-vl:2b", true)]
    [InlineData("qwen?", "qwen3", true)]
    [InlineData("qwen?", "qwen25", false)]
    [InlineData("qwen*", "qwen.evil.example/library/qwen3", false)]
    [InlineData("library/*", "qwen3:8b", true)]
    [InlineData("library/*", "someone/qwen3", false)]
    [InlineData("library/*:*b", "qwen3:latest", false)]
    [InlineData("team/*", "team/m", true)]
    [InlineData("hf.co/*", "hf.co/unsloth/m-GGUF:Q4_K_M", true)]
    [InlineData("hf.co/*", "hf.co.evil.example/unsloth/m", false)]
    [InlineData("hf.co/unsloth/*", "hf.co/unsloth/m", true)]
    [InlineData("hf.co/unsloth/*", "hf.co/other/m", false)]
    [InlineData("localhost:5000/*", "localhost:5000/library/m", true)]
    [InlineData("localhost:5000/*", "localhost:5001/library/m", false)]
    [InlineData("*/library/*", "anywhere.example/library/m", true)]
    [InlineData(" registry.ollama.ai/library/m:latest ", "m", true)]
    public void A_pattern_means_what_it_says(string pattern, string name, bool matches)
    {
        Assert.True(ModelPattern.TryParse(pattern, out var parsed));
        Assert.True(ModelName.TryParse(name, out var model));
        Assert.Equal(matches, parsed.Matches(model));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("/m")]
    [InlineData("m/")]
    [InlineData("m:")]
    [InlineData("a/b/c/d")]
    [InlineData("https://hf.co/*")]
    [InlineData("[a-z]")]
    [InlineData("a\\*")]
    [InlineData("-m")]
    [InlineData("te.am/m")]
    public void What_no_name_could_match_is_no_pattern(string? text) =>
        Assert.False(ModelPattern.TryParse(text, out _));

    [Fact]
    public void A_pattern_of_a_megabyte_is_none() =>
        Assert.False(ModelPattern.TryParse(new string('*', 1 << 20) + "a", out _));
}
