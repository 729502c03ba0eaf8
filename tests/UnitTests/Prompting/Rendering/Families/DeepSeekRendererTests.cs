using static Ollama.Platform.UnitTests.Prompting.Rendering.Families.BuiltIn;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

public sealed class DeepSeekRendererTests
{
    private const string Begin = "<｜begin▁of▁sentence｜>";
    private const string End = "<｜end▁of▁sentence｜>";

    [Theory]
    [InlineData(true, "<think>")]
    [InlineData(false, "</think>")]
    [InlineData(null, "</think>")]
    public void A_mark_after_the_question_tells_whether_to_think(bool? think, string mark) =>
        Assert.Equal(
            $"{Begin}S<｜User｜>U<｜Assistant｜></think>A{End}<｜User｜>V<｜Assistant｜>{mark}",
            Render("deepseek3.1", think, S, U, A, V));

    [Fact]
    public void After_results_the_model_goes_on_without_a_mark()
    {
        var text = RenderWithTool("deepseek3.1", true, S, U, Calls, Result);
        Assert.StartsWith(Begin + "S\n\n## Tools\n", text);
        Assert.Contains(
            "\n### f\nDescription: D\n\nParameters: {\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":"
            + "{\"type\":\"integer\",\"description\":\"n \\u003c1\\u003e\"}}}\n",
            text);
        Assert.EndsWith(
            "<｜User｜>U<｜Assistant｜></think>ok<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{\"a\":1}"
            + $"<｜tool▁call▁end｜><｜tool▁calls▁end｜>{End}<｜tool▁output▁begin｜>X<｜tool▁output▁end｜>",
            text);
    }

    [Fact]
    public void An_answer_at_the_end_is_closed() =>
        Assert.Equal($"{Begin}<｜User｜>U<｜Assistant｜><think>A{End}", Render("deepseek3.1", true, U, A));

    [Fact]
    public void The_text_does_not_begin_twice()
    {
        var prompt = Prompt(false, U) with { BosToken = Begin, AddsBosToken = true };
        Assert.Equal("<｜User｜>U<｜Assistant｜></think>", Render("deepseek3.1", prompt));
    }

    [Theory]
    [InlineData(true, "Enable deep thinking subroutine.\n\nYou are Cogito, an AI assistant.\n\nS\n\n", "<think>\n")]
    [InlineData(false, "You are Cogito, an AI assistant.\n\nS", "")]
    public void Cogito_is_told_in_the_system_text_to_think(bool think, string system, string end) =>
        Assert.Equal(
            $"{Begin}{system}<｜User｜>U<｜Assistant｜>A{End}<｜User｜>V<｜Assistant｜>{end}",
            Render("cogito", think, S, U, A, V));

    [Fact]
    public void Cogito_writes_arguments_and_tools_in_fences()
    {
        var text = RenderWithTool("cogito", false, U, CallsTwice, Result, Result2);
        Assert.Contains("```json\n{\n    \"type\": \"function\",\n    \"function\": {\n        \"name\": \"f\",", text);
        Assert.EndsWith(
            "<｜User｜>U<｜Assistant｜><｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n"
            + "{\"b\":\"x\",\"a\":[1]}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>g\n```json\n"
            + $"{{}}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>{End}<｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>X"
            + "<｜tool▁output▁end｜>\n<｜tool▁output▁begin｜>Y<｜tool▁output▁end｜><｜tool▁outputs▁end｜><｜Assistant｜>",
            text);
    }
}
