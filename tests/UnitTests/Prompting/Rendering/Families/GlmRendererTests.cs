using static Ollama.Platform.UnitTests.Prompting.Rendering.Families.BuiltIn;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

/// <summary>GLM and Laguna.</summary>
public sealed class GlmRendererTests
{
    private const string Json =
        "{\"type\": \"function\", \"function\": {\"name\": \"f\", \"description\": \"D\", \"parameters\": {\"type\": "
        + "\"object\", \"required\": [\"a\"], \"properties\": {\"a\": {\"type\": \"integer\", \"description\": "
        + "\"n \\u003c1\\u003e\"}}}}}";

    [Theory]
    [InlineData(true, "<think>")]
    [InlineData(null, "<think>")]
    [InlineData(false, "</think>")]
    public void Roles_are_separators(bool? think, string end) =>
        Assert.Equal(
            $"[gMASK]<sop><|system|>S<|user|>U<|assistant|><think>R</think>A<|user|>V<|assistant|>{end}",
            Render("glm-4.7", think, S, U, A, V));

    [Fact]
    public void Calls_are_keys_and_values_in_tags()
    {
        var text = RenderWithTool("glm-4.7", null, S, U, CallsTwice, Result, Result2);
        Assert.StartsWith("[gMASK]<sop><|system|>\n# Tools\n\n", text);
        Assert.Contains($"<tools>\n{Json}\n</tools>\n\n", text);
        Assert.EndsWith(
            "<|system|>S<|user|>U<|assistant|></think><tool_call>f<arg_key>b</arg_key><arg_value>x</arg_value>"
            + "<arg_key>a</arg_key><arg_value>[1]</arg_value></tool_call><tool_call>g</tool_call><|observation|>"
            + "<tool_response>X</tool_response><tool_response>Y</tool_response><|assistant|><think>",
            text);
    }

    [Theory]
    [InlineData(null, "", "")]
    [InlineData(false, "/nothink", "<think></think>\n")]
    public void The_older_layout_breaks_lines(bool? think, string suffix, string end) =>
        Assert.Equal(
            $"[gMASK]<sop><|user|>\nU{suffix}<|assistant|>\n<think>R</think>\nok\n<tool_call>f<arg_key>a</arg_key>"
            + "<arg_value>1</arg_value></tool_call>\n<|observation|>\n<tool_response>\nX\n</tool_response>\n"
            + $"<|assistant|>\n{end}",
            Render("glm-ocr", think, U, Calls, Result));

    [Theory]
    [InlineData(true, "<think>")]
    [InlineData(null, "</think>")]
    public void Laguna_writes_turns_in_tags(bool? think, string end)
    {
        Assert.Equal(
            "〈|EOS|〉<system>\n\nS\n</system>\n<user>\nU\n</user>\n<assistant>\n<think>\nR\n</think>\nok\n<tool_call>f\n"
            + "<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call>\n</assistant>\n<tool_response>\nX\n"
            + $"</tool_response>\n<assistant>\n{end}",
            Render("laguna", think, S, U, Calls, Result));
        Assert.Equal(
            $"〈|EOS|〉<system>S</system>\n<user>U</user>\n<assistant>{(think is true ? "<think>R" : "")}</think>A"
                + $"</assistant>\n"
            + $"<user>V</user>\n<assistant>{end}",
            Render("poolside-v1", think, S, U, A, V));
    }

    [Fact]
    public void A_closed_answer_is_followed_by_new_reasoning()
    {
        var prompt = Prompt(true, U, A);
        var rendered = Render("glm-4.7", prompt);
        Assert.EndsWith("<think>R</think>A<|assistant|><think>", rendered);
        var format = Ollama.Platform.Prompting.Rendering.ChatFormat.Bare.ReadBy("glm-4.7");
        Assert.Equal(
            new("B", "S", ""),
            Parsing.Completion.Of(() => format.CreateParser(prompt, rendered, new Random(1)), "S</think>B"));
    }

    [Fact]
    public void Laguna_declares_tools_and_leaves_an_answer_open()
    {
        Assert.Contains($"<available_tools>\n{Json}\n</available_tools>", RenderWithTool("laguna", null, U));
        Assert.EndsWith("<assistant>\n</think>\nA", Render("laguna", null, U, Conversations.Assistant("A")));
        Assert.EndsWith("</assistant>\n<assistant>\n</think>", Render("laguna", null, U, Conversations.Assistant("")));
        Assert.EndsWith("</think>A</assistant>\n<assistant></think>", Render("poolside-v1", null, U, A));
    }
}
