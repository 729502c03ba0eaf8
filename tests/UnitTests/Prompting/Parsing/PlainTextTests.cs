using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Paris.")]
    [InlineData("ends with space \n\n ")]
    [InlineData("\n\n  begins with space")]
    [InlineData("no-break\u00a0space\u00a0")]
    [InlineData("ideographic space\u3000")]
    [InlineData(" \n\t")]
    [InlineData("1 < 2 and 3 > 2")]
    [InlineData("🦙 <b>bold</b>")]
    public void Plain_text_is_content_to_the_last_space(string text)
    {
        Assert.Equal(new(text, "", ""), Completion.Of(Parsers.Json(), text));
        Assert.Equal(new(text, "", ""), Completion.Of(Parsers.WithoutTools(), text));
        Assert.Equal(new(text, "", ""), Completion.Of(Parsers.WithoutThinking(), text));
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<tool_xyz>")]
    [InlineData("a <tool_call")]
    [InlineData("a <tool_cal b")]
    [InlineData("a <<tool_cal>l>")]
    [InlineData("</tool_call> alone")]
    [InlineData("<thin>")]
    [InlineData("<thin")]
    [InlineData("  <think")]
    [InlineData("a <think> that comes late</think>")]
    [InlineData("</think> alone")]
    public void What_only_looks_like_a_tag_is_content(string text) =>
        Assert.Equal(new(text, "", ""), Completion.Of(Parsers.Json(), text));

    [Fact]
    public void Tags_are_content_where_the_request_had_no_tools()
    {
        const string Text = "a <tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call> b";
        Assert.Equal(new(Text, "", ""), Completion.Of(Parsers.WithoutTools(), Text));
    }

    [Fact]
    public void Tags_are_content_where_the_template_has_none()
    {
        const string Text = "<think>x</think>y";
        Assert.Equal(new(Text, "", ""), Completion.Of(Parsers.WithoutThinking(), Text));
    }

    [Fact]
    public void Text_leaves_at_once_when_no_tag_can_follow()
    {
        var parser = Parsers.WithoutTools(OutputBeginning.Content)();
        Assert.Equal("a ", parser.Read("a ").Content);
        Assert.Equal("<", parser.Read("<").Content);
    }

    [Fact]
    public void Only_a_possible_tag_and_the_space_before_it_stay_back()
    {
        var parser = Parsers.Json()();
        Assert.Equal("one", parser.Read("one \n<tool_").Content);
        Assert.Same(ParsedOutput.Empty, parser.Read("c"));
        Assert.Equal(" \n<tool_cxyz", parser.Read("xyz ").Content);
        Assert.Equal(" ", parser.Finish().Content);
    }
}
