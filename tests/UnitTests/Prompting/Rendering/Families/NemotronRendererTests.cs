using static Ollama.Platform.UnitTests.Prompting.Rendering.Families.BuiltIn;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

public sealed class NemotronRendererTests
{
    [Fact]
    public void A_system_turn_is_always_written_and_old_reasoning_is_emptied() =>
        Assert.Equal(
            "<|im_start|>system\n<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n<think></think>A"
            + "<|im_end|>\n<|im_start|>user\nV<|im_end|>\n<|im_start|>assistant\n<think>\n",
            Render("nemotron-3-nano", null, U, A, V));

    [Theory]
    [InlineData("nemotron-3-nano", "<think>\nR\n</think>\nok")]
    [InlineData("nemotron-3.5-nano", "<think>\nR</think>ok")]
    public void Calls_and_results_are_tags(string renderer, string answer)
    {
        var text = RenderWithTool(renderer, false, S, U, Calls, Result);
        Assert.StartsWith("<|im_start|>system\nS\n\n# Tools\n\n", text);
        Assert.Contains("<required>[\"a\"]</required>\n</parameters>\n</function>\n</tools>", text);
        Assert.EndsWith(
            $"<|im_start|>assistant\n{answer}\n<tool_call>\n<function=f>\n<parameter=a>\n1\n</parameter>\n</function>\n"
            + "</tool_call>\n<|im_end|>\n<|im_start|>user\n<tool_response>\nX\n</tool_response>\n<|im_end|>\n"
            + "<|im_start|>assistant\n<think></think>",
            text);
    }

    [Theory]
    [InlineData("nemotron-3-nano", "no /no_think", "no ", "<think></think>")]
    [InlineData("nemotron-3-nano", "x</think>/think", "x</think>", "<think>\n")]
    [InlineData("nemotron-3.5-nano", "no /no_think", "no /no_think", "<think>\n")]
    public void A_switch_in_the_text_decides(string renderer, string content, string shown, string end) =>
        Assert.EndsWith(
            $"<|im_start|>user\n{shown}<|im_end|>\n<|im_start|>assistant\n{end}",
            Render(renderer, null, Conversations.User(content)));

    [Fact]
    public void Medium_effort_is_said_to_the_later_model() =>
        Assert.Contains(
            "<|im_start|>user\nV\n\n{reasoning effort: efficient}<|im_end|>",
            Render("nemotron-3.5-nano", Prompt(true, U, A, V) with { Think = new(true, "medium") }));
}
