using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

public sealed class TagCallTests
{
    private const string Types =
        """
        {"s":{"type":"string"},"i":{"type":"integer"},"n":{"type":"number"},"b":{"type":"boolean"},
         "a":{"type":"array"},"o":{"type":"object"},"sn":{"type":["string","number"]},
         "bs":{"type":["boolean","string"]},
         "any":{"anyOf":[{"type":"integer"},{"type":"array"},{"type":"null"}]},"none":{}}
        """;

    [Fact]
    public void Values_are_text_between_their_tags()
    {
        var tool = Parsers.Tool("w", """{"city":{"type":"string"},"days":{"type":"integer"}}""");
        const string Text = "<tool_call>\n<function=w>\n<parameter=city>\nParis & Rome\n</parameter>\n"
            + "<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>";
        Assert.Equal(
            new("", "", """w{"city":"Paris & Rome","days":3}"""),
            Completion.Of(Parsers.Tags(tools: tool), Text));
    }

    [Theory]
    [InlineData("s", "\n\nx\n\n", "\"\\nx\\n\"")]
    [InlineData("s", "", "\"\"")]
    [InlineData("s", "\n", "\"\"")]
    [InlineData("s", "123", "\"123\"")]
    [InlineData("s", "NULL", "null")]
    [InlineData("s", "<b a='x'>\"y\"</b>", "\"<b a='x'>\\\"y\\\"</b>\"")]
    [InlineData("i", "\n-3\n", "-3")]
    [InlineData("i", "3.5", "\"3.5\"")]
    [InlineData("i", "99999999999999999999", "\"99999999999999999999\"")]
    [InlineData("n", "3.5", "3.5")]
    [InlineData("n", "4.0", "4")]
    [InlineData("n", "1e3", "1000")]
    [InlineData("n", "1e999", "\"1e999\"")]
    [InlineData("n", "NaN", "\"NaN\"")]
    [InlineData("n", "abc", "\"abc\"")]
    [InlineData("b", "True", "true")]
    [InlineData("b", "FALSE", "false")]
    [InlineData("b", "yes", "false")]
    [InlineData("bs", "yes", "\"yes\"")]
    [InlineData("bs", "true", "true")]
    [InlineData("a", "[1, 2]", "[1,2]")]
    [InlineData("a", "{}", "\"{}\"")]
    [InlineData("a", "[1", "\"[1\"")]
    [InlineData("o", "{\"x\": {}}", "{\"x\":{}}")]
    [InlineData("o", "[]", "\"[]\"")]
    [InlineData("o", "{\"x\": \"\\ud800\"}", "\"{\\\"x\\\": \\\"\\\\ud800\\\"}\"")]
    [InlineData("sn", "123", "123")]
    [InlineData("sn", "12x", "\"12x\"")]
    [InlineData("any", "7", "7")]
    [InlineData("any", "[7]", "[7]")]
    [InlineData("any", "x", "\"x\"")]
    [InlineData("none", "7", "\"7\"")]
    [InlineData("undeclared", "7", "\"7\"")]
    public void The_schema_decides_the_type_of_a_value(string parameter, string text, string json)
    {
        var body = $"<tool_call><function=f><parameter={parameter}>{text}</parameter></function></tool_call>";
        Assert.Equal(
            new("", "", $"f{{\"{parameter}\":{json}}}"),
            Completion.Of(Parsers.Tags(tools: Parsers.Tool("f", Types)), body));
    }

    [Theory]
    [InlineData("<function=g><parameter=i>7</parameter></function>", """g{"i":"7"}""")]
    [InlineData("<function=f></function>", "f{}")]
    [InlineData("text <function=f> text </function> text", "f{}")]
    public void Unusual_bodies_still_make_a_call(string body, string call) =>
        Assert.Equal(
            new("", "", call),
            Completion.Of(
                Parsers.Tags(tools: Parsers.Tool("f", Types)),
                $"<tool_call>{body}</tool_call>"));

    [Theory]
    [InlineData("")]
    [InlineData("{\"name\":\"f\"}")]
    [InlineData("<function=>")]
    [InlineData("<function=f")]
    [InlineData("<function=f>")]
    [InlineData("<function=f><parameter=p>x</function>")]
    [InlineData("<function=f><parameter=p>x</parameter>")]
    [InlineData("<function=f><parameter=>x</parameter></function>")]
    [InlineData("<function=f\n<parameter=p>x</parameter></function>")]
    public void A_missing_tag_is_refused(string body) =>
        Assert.StartsWith(
            "invalid tool call: ",
            Completion.Refusal(Parsers.Tags(), $"<tool_call>{body}</tool_call>"));

    [Fact]
    public void Two_calls_in_a_row_and_text_between()
    {
        const string Call = "<tool_call>\n<function=f>\n</function>\n</tool_call>";
        Assert.Equal(new("ab", "", "f{} f{}"), Completion.Of(Parsers.Tags(), $"a\n{Call}\nb\n{Call}\n"));
    }

    [Theory]
    [InlineData("plan\n</think>\n\n")]
    [InlineData("plan")]
    public void Reasoning_ends_before_a_call_even_when_its_tag_was_forgotten(string thinking)
    {
        var tool = Parsers.Tool("ls", """{"all":{"type":"boolean"}}""");
        Assert.Equal(
            new("", "plan", """ls{"all":true}"""),
            Completion.Of(
                Parsers.Tags(OutputBeginning.ThinkingOpened, tool),
                thinking
                    + "<tool_call>\n<function=ls>\n<parameter=all>\nTrue\n</parameter>\n</function>\n</tool_call>"));
    }

    [Fact]
    public void A_call_cut_anywhere_is_no_call()
    {
        const string Text = "<tool_call><function=f><parameter=p>x</parameter></function></tool_call>";
        for (var length = 0; length < Text.Length; length++)
        {
            Assert.Equal("", Completion.Of(Parsers.Tags(), Text[..length]).Calls);
        }
    }
}
