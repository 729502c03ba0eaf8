using static Ollama.Platform.UnitTests.Prompting.Rendering.Families.BuiltIn;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

public sealed class QwenRendererTests
{
    private const string JsonTool =
        "<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"f\", \"description\": \"D\", "
        + "\"parameters\": {\"type\": \"object\", \"required\": [\"a\"], \"properties\": {\"a\": {\"type\": "
        + "\"integer\", \"description\": \"n \\u003c1\\u003e\"}}}}}\n</tools>\n\n";

    [Fact]
    public void Coder_writes_turns_in_chatml_and_leaves_the_last_answer_open()
    {
        Assert.Equal(
            "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n"
            + "<|im_start|>user\nV<|im_end|>\n<|im_start|>assistant\n",
            Render("qwen3-coder", null, S, U, A, V));
        Assert.Equal(
            "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA", Render("qwen3-coder", null, U, A));
    }

    [Fact]
    public void Coder_declares_tools_and_writes_calls_in_tags()
    {
        var text = RenderWithTool("qwen3-coder", null, S, U, Calls, Result, Result2);
        Assert.StartsWith("<|im_start|>system\nS\n\n# Tools\n\n", text);
        Assert.Contains(
            "\n\n<tools>\n<function>\n<name>f</name>\n<description>D</description>\n<parameters>\n<parameter>\n"
            + "<name>a</name>\n<type>integer</type>\n<description>n <1></description>\n<minimum>1</minimum>\n"
            + "</parameter>\n<required>[\"a\"]</required>\n"
            + "</parameters>\n</function>\n</tools>\n\n",
            text);
        Assert.EndsWith(
            "<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nok\n\n<tool_call>\n<function=f>\n"
            + "<parameter=a>\n1\n</parameter>\n</function>\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\n"
            + "X\n</tool_response>\n<tool_response>\nY\n</tool_response><|im_end|>\n<|im_start|>assistant\n",
            text);
    }

    [Fact]
    public void Coder_writes_several_calls_one_after_the_other() =>
        Assert.EndsWith(
            "<|im_start|>assistant\n\n<tool_call>\n<function=f>\n<parameter=b>\nx\n</parameter>\n<parameter=a>\n[1]\n"
            + "</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=g>\n</function>\n</tool_call>",
            Render("qwen3-coder", null, U, CallsTwice));

    [Fact]
    public void Vl_writes_reasoning_after_the_last_question_only()
    {
        Assert.Equal(
            "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nV<|im_end|>\n"
            + "<|im_start|>assistant\n<think>\nR\n</think>\n\nok\n<tool_call>\n{\"name\": \"f\", \"arguments\": "
            + "{\"a\": 1}}\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\nX\n</tool_response><|im_end|>\n"
            + "<|im_start|>assistant\n<think>\n",
            Render("qwen3-vl-thinking", null, U, A, V, Calls, Result));
        Assert.EndsWith(
            "<|im_start|>assistant\nok\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>"
            + "<|im_end|>\n<|im_start|>user\n<tool_response>\nX\n</tool_response><|im_end|>\n<|im_start|>assistant\n",
            Render("qwen3-vl-thinking", false, U, Calls, Result));
    }

    [Fact]
    public void Vl_declares_tools_as_json_and_marks_images()
    {
        var image = U with { Images = [new byte[] { 1 }, new byte[] { 2 }] };
        var text = RenderWithTool("qwen3-vl-instruct", null, S, image);
        Assert.StartsWith("<|im_start|>system\nS\n\n# Tools\n\n", text);
        Assert.Contains(JsonTool, text);
        const string Mark = "<|vision_start|><|image_pad|><|vision_end|>";
        Assert.EndsWith($"<|im_start|>user\n{Mark}{Mark}U<|im_end|>\n<|im_start|>assistant\n", text);
    }

    [Theory]
    [InlineData("R", "", "<think>\nR")]
    [InlineData("R", "A", "<think>\nR\n</think>\n\nA")]
    public void Vl_goes_on_with_the_last_answer(string thinking, string content, string end)
    {
        var answer = Conversations.Assistant(content) with { Thinking = thinking };
        Assert.EndsWith($"<|im_start|>assistant\n{end}", Render("qwen3-vl-thinking", true, U, answer));
        Assert.EndsWith($"<|im_start|>assistant\n{end}", Render("qwen3.5", true, U, answer));
    }

    [Fact]
    public void Qwen35_declares_tools_before_the_system_text()
    {
        var text = RenderWithTool("qwen3.5", null, S, U, Calls, Result);
        Assert.StartsWith("<|im_start|>system\n# Tools\n\n", text);
        Assert.Contains(JsonTool, text);
        Assert.EndsWith(
            "\n\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n<think>\nR\n</think>\n\nok\n\n"
            + "<tool_call>\n<function=f>\n<parameter=a>\n1\n</parameter>\n</function>\n</tool_call><|im_end|>\n"
            + "<|im_start|>user\n<tool_response>\nX\n</tool_response><|im_end|>\n<|im_start|>assistant\n<think>\n",
            text);
    }

    [Theory]
    [InlineData("qwen3.5", "A", "<think>\n\n</think>\n\n", false)]
    [InlineData("qwen3.5", "A", "<think>\n", true)]
    [InlineData("ornith", "<think>\nR\n</think>\n\nA", "<think>\n", true)]
    [InlineData("ornith", "A", "<think>\n\n</think>\n\n", false)]
    public void Old_reasoning_is_kept_by_some(string renderer, string answer, string end, bool think) =>
        Assert.Equal(
            $"<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n{answer}<|im_end|>\n<|im_start|>user\nV<|im_end|>\n"
            + $"<|im_start|>assistant\n{end}",
            Render(renderer, think, U, A, V));

    [Theory]
    [InlineData(null, "Reasoning effort: xhigh.\n\n")]
    [InlineData("high", "Reasoning effort: xhigh.\n\n")]
    [InlineData("low", "Reasoning effort: low.\n\n")]
    [InlineData("medium", "")]
    public void Qwen38_heads_the_one_system_turn_with_the_effort(string? level, string head)
    {
        var prompt = Prompt(null, S, U, Conversations.SystemText("T")) with
        {
            Think = level is null ? null : new(true, level),
        };
        Assert.Equal(
            $"<|im_start|>system\n{head}S\n\nT<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n"
            + "<think>\n",
            Render("qwen3.8", prompt));
    }

    [Fact]
    public void Qwen38_refuses_a_conversation_without_a_question()
    {
        Assert.Throws<Ollama.Platform.Prompting.Rendering.TemplateException>(() => Render("qwen3.8", null, S));
        Assert.Throws<Ollama.Platform.Prompting.Rendering.TemplateException>(() => Render("qwen3.8", (bool?)null));
    }
}
