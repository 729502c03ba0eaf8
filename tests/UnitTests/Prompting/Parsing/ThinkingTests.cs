using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

public sealed class ThinkingTests
{
    private const string Call = "<tool_call>{\"name\":\"t\",\"arguments\":{}}</tool_call>";

    [Theory]
    [InlineData("hmm\n</think>\n\n4", "hmm", "4")]
    [InlineData("<think>\nhmm\n</think>\n\n4", "hmm", "4")]
    [InlineData(" \n<think> hmm</think>4", "hmm", "4")]
    [InlineData("hmm\u00a0\u3000</think>\u3000 4 ", "hmm", "4 ")]
    [InlineData("hmm</think>", "hmm", "")]
    [InlineData("hmm</think>\n", "hmm", "")]
    [InlineData("</think>4", "", "4")]
    [InlineData("\n\n</think>\n\n4", "", "4")]
    [InlineData("<think></think>", "", "")]
    [InlineData("a </thin> b </think> c", "a </thin> b", "c")]
    [InlineData("a </think> b </think> c", "a", "b </think> c")]
    [InlineData("<think>a <think> b</think>c", "a <think> b", "c")]
    [InlineData("<b>a</b></think>c", "<b>a</b>", "c")]
    public void Reasoning_that_the_prompt_opened_ends_at_its_tag(string text, string thinking, string content)
    {
        var expected = new Completion(content, thinking, "");
        Assert.Equal(expected, Completion.Of(Parsers.Json(OutputBeginning.ThinkingOpened), text));
        Assert.Equal(expected, Completion.Of(Parsers.WithoutTools(OutputBeginning.ThinkingOpened), text));
    }

    [Theory]
    [InlineData("<think>\nThe answer is kid.\n</think>\n\nA kid.", "The answer is kid.", "A kid.")]
    [InlineData("\n\n<think>x</think>y", "x", "y")]
    [InlineData("<think>\n\n</think>\n\ny", "", "y")]
    [InlineData("<think>x", "x", "")]
    [InlineData("<think>x</thi", "x</thi", "")]
    [InlineData("<think>", "", "")]
    public void Reasoning_that_the_model_opens_itself_is_kept_apart(string text, string thinking, string content) =>
        Assert.Equal(new(content, thinking, ""), Completion.Of(Parsers.Json(), text));

    [Theory]
    [InlineData("all of it")]
    [InlineData("all of it, to the last space \n")]
    [InlineData("cut in the tag </thin")]
    [InlineData("cut before a call <tool_")]
    [InlineData("<thin")]
    public void Reasoning_that_never_ends_is_all_there_is(string text) =>
        Assert.Equal(new("", text, ""), Completion.Of(Parsers.Json(OutputBeginning.ThinkingOpened), text));

    [Theory]
    [InlineData("need tool " + Call, "need tool", "")]
    [InlineData("need tool\n</think>\n\n" + Call, "need tool", "")]
    [InlineData("need tool " + Call + "\ndone", "need tool", "done")]
    [InlineData(Call, "", "")]
    public void A_call_ends_reasoning_that_was_left_open(string text, string thinking, string content) =>
        Assert.Equal(
            new(content, thinking, "t{}"),
            Completion.Of(Parsers.Json(OutputBeginning.ThinkingOpened), text));

    [Fact]
    public void A_call_tag_within_reasoning_is_text_where_the_request_had_no_tools() =>
        Assert.Equal(
            new("b", "a " + Call, ""),
            Completion.Of(Parsers.WithoutTools(OutputBeginning.ThinkingOpened), $"a {Call}</think>b"));

    [Fact]
    public void Reasoning_that_the_client_began_goes_on_with_its_spaces() =>
        Assert.Equal(
            new("4", " and 2 is 4", ""),
            Completion.Of(Parsers.Json(OutputBeginning.WithinThinking), " and 2 is 4\n</think>\n\n4"));

    [Fact]
    public void An_answer_that_the_client_began_holds_no_reasoning() =>
        Assert.Equal(
            new("<think>x</think>", "", ""),
            Completion.Of(Parsers.Json(OutputBeginning.Content), "<think>x</think>"));

    [Fact]
    public void Reasoning_streams_piece_by_piece()
    {
        var parser = Parsers.Json(OutputBeginning.ThinkingOpened)();
        Assert.Equal("hm", parser.Read("hm").Thinking);
        Assert.Equal("m", parser.Read("m\n</th").Thinking);
        Assert.Same(ParsedOutput.Empty, parser.Read("ink>\n"));
        Assert.Equal("4", parser.Read("\n4").Content);
    }
}
