using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Rendering;

public sealed class FillInMiddleTests
{
    [Fact]
    public void The_gap_is_named_after_both_of_its_sides() =>
        Assert.Equal(
            "<|fim_prefix|>def add(a, b):\n    return <|fim_suffix|>\n<|fim_middle|>",
            FillInMiddle.Render(
                "def add(a, b):\n    return ", "\n", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"));
}
