using static Ollama.Platform.UnitTests.Prompting.Rendering.Families.BuiltIn;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

/// <summary>LFM2 and OLMo 3.</summary>
public sealed class PythonStyleRendererTests
{
    [Fact]
    public void Lfm2_lists_functions_and_writes_calls_before_the_content() =>
        Assert.Equal(
            "<|startoftext|><|im_start|>system\nS\nList of tools: <|tool_list_start|>[{\"name\": \"f\", "
                + "\"description\": "
            + "\"D\", \"parameters\": {\"type\": \"object\", \"required\": [\"a\"], \"properties\": {\"a\": {\"type\": "
            + "\"integer\", \"description\": \"n <1>\"}}}}]<|tool_list_end|><|im_end|>\n<|im_start|>user\nU<|im_end|>\n"
            + "<|im_start|>assistant\n<|tool_call_start|>[f(a=1)]<|tool_call_end|>\nok<|im_end|>\n<|im_start|>tool\n"
            + "<|tool_response_start|>X<|tool_response_end|><|im_end|>\n<|im_start|>assistant\n",
            RenderWithTool("lfm2", null, S, U, Calls, Result));

    [Theory]
    [InlineData("lfm2-thinking", true, "<think>R</think>A")]
    [InlineData("lfm2-thinking", false, "A")]
    [InlineData("lfm2", true, "A")]
    public void Lfm2_shows_old_reasoning_only_while_thinking(string renderer, bool think, string answer) =>
        Assert.Equal(
            $"<|startoftext|><|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n{answer}<|im_end|>\n"
            + "<|im_start|>user\nV<|im_end|>\n<|im_start|>assistant\nB<|im_end|>\n<|im_start|>user\nU<|im_end|>\n"
            + "<|im_start|>assistant\n",
            Render(renderer, think, U, A, V, Conversations.Assistant("B"), U));

    [Fact]
    public void Lfm2_marks_images_and_leaves_an_answer_open() =>
        Assert.Equal(
            "<|startoftext|><|im_start|>user\n<image>U<|im_end|>\n<|im_start|>assistant\n<|tool_call_start|>"
            + "[f(a=[1],b=\"x\"),g()]<|tool_call_end|>",
            Render("lfm2", null, U with { Images = [new byte[] { 1 }] }, CallsTwice));

    [Fact]
    public void Olmo_declares_functions_and_writes_a_call_on_each_line()
    {
        var text = RenderWithTool("olmo3", null, S, U, CallsTwice, Result);
        Assert.StartsWith("<|im_start|>system\nS<functions>[{\"type\": \"function\", \"function\": {\"name\": "
            + "\"f\",", text);
        Assert.EndsWith(
            "]</functions><|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n<function_calls>"
            + "f(a=[1], b=\"x\")\ng()</function_calls><|im_end|>\n<|im_start|>environment\nX<|im_end|>\n"
            + "<|im_start|>assistant\n",
            text);
    }

    [Fact]
    public void Olmo_leaves_an_answer_open_and_says_that_there_are_no_functions()
    {
        var text = Render("olmo3.1", null, U, A);
        Assert.Contains("<functions></functions><|im_end|>\n", text);
        Assert.EndsWith("<|im_start|>assistant\nA", text);
    }

    [Theory]
    [InlineData("olmo3-think")]
    [InlineData("olmo3-32b-think")]
    public void Olmo_that_thinks_knows_no_tools(string renderer)
    {
        var text = RenderWithTool(renderer, true, S, U, Calls, Result, V);
        Assert.StartsWith("<|im_start|>system\nS ", text);
        Assert.DoesNotContain("functions>", text);
        Assert.EndsWith(
            "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nok<|im_end|>\n<|im_start|>user\nV<|im_end|>\n"
            + "<|im_start|>assistant\n<think>",
            text);
    }
}
