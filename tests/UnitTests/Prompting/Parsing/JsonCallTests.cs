using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

public sealed class JsonCallTests
{
    [Theory]
    [InlineData("Let me look.\n\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>",
        "Let me look.", "add{\"a\": 1}")]
    [InlineData("<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call> and so on", "and so on", "f{}")]
    [InlineData("<tool_call>{\"arguments\":{},\"name\":\"f\"}</tool_call>\n", "", "f{}")]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>\n<tool_call>\n"
        + "{\"name\": \"g\", \"arguments\": {}}\n</tool_call>", "", "f{} g{}")]
    [InlineData("a\n<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>\nb\n"
        + "<tool_call>{\"name\":\"g\",\"arguments\":{}}</tool_call>\nc", "abc", "f{} g{}")]
    [InlineData("\u00a0\u3000<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>", "", "f{}")]
    [InlineData("<tool_xyz><tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>", "<tool_xyz>", "f{}")]
    public void Calls_are_taken_out_of_the_content(string text, string content, string calls)
    {
        Assert.Equal(new(content, "", calls), Completion.Of(Parsers.Json(), text));
        Assert.Equal(new(content, "", calls), Completion.Of(Parsers.WithoutThinking(), text));
    }

    [Theory]
    [InlineData("{\"a\":{\"b\":{\"c\":[{}]}}}")]
    [InlineData("{\"a\":\"}{\\\"}</tool_cal>\"}")]
    [InlineData("{\"a\":\"\\u00e9\\ud83e\\udd99\"}")]
    [InlineData("{\"z\":1,\"a\":2}")]
    [InlineData("{\"a\":\"🦙\"}")]
    public void Arguments_are_kept_as_the_model_wrote_them(string arguments) =>
        Assert.Equal(
            new("", "", "f" + arguments),
            Completion.Of(Parsers.Json(), $"<tool_call>{{\"name\":\"f\",\"arguments\":{arguments}}}</tool_call>"));

    [Theory]
    [InlineData("get")]
    [InlineData("get_weather")]
    [InlineData("never_declared")]
    public void The_name_is_taken_whole(string name) =>
        Assert.Equal(
            new("", "", name + "{}"),
            Completion.Of(Parsers.Json(), $"<tool_call>{{\"name\":\"{name}\",\"arguments\":{{}}}}</tool_call>"));

    [Theory]
    [InlineData("{\"name\":\"f\"}")]
    [InlineData("{\"name\":\"f\",\"arguments\":null}")]
    public void A_call_without_arguments_has_none(string body) =>
        Assert.Equal(new("", "", "f{}"), Completion.Of(Parsers.Json(), $"<tool_call>{body}</tool_call>"));

    [Theory]
    [InlineData("", "invalid tool call: not valid JSON")]
    [InlineData("f(1)", "invalid tool call: not valid JSON")]
    [InlineData("{\"name\":\"f\",\"arguments\":{}", "invalid tool call: not valid JSON")]
    [InlineData("{\"name\":\"f\",\"arguments\":{}}}", "invalid tool call: not valid JSON")]
    [InlineData("{\"name\":\"f\",\"arguments\":{\"a\":\"</tool_call>\"}}", "invalid tool call: not valid JSON")]
    [InlineData("{\"name\":\"f\",\"arguments\":{\"a\":\"\\ud800\"}}", "invalid tool call: not valid JSON")]
    [InlineData("{\"name\":\"\\ud800\",\"arguments\":{}}", "invalid tool call: not valid JSON")]
    [InlineData("[{\"name\":\"f\",\"arguments\":{}}]", "invalid tool call: not a JSON object")]
    [InlineData("1", "invalid tool call: not a JSON object")]
    [InlineData("{\"arguments\":{}}", "invalid tool call: the name is missing")]
    [InlineData("{\"name\":\"\",\"arguments\":{}}", "invalid tool call: the name is missing")]
    [InlineData("{\"name\":1,\"arguments\":{}}", "invalid tool call: the name is missing")]
    [InlineData("{\"name\":\"t\",\"arguments\":\"{}\"}",
        "invalid tool call: the arguments of \"t\" are not a JSON object")]
    [InlineData("{\"name\":\"t\",\"arguments\":[]}",
        "invalid tool call: the arguments of \"t\" are not a JSON object")]
    public void A_malformed_call_is_refused(string body, string message) =>
        Assert.Equal(message, Completion.Refusal(Parsers.Json(), $"<tool_call>{body}</tool_call>"));

    [Fact]
    public void Arguments_nested_without_end_are_refused()
    {
        var nested = string.Concat(Enumerable.Repeat("[", 10_000));
        var text = $"<tool_call>{{\"name\":\"f\",\"arguments\":{{\"a\":{nested}</tool_call>";
        Assert.Throws<OutputFormatException>(() => Completion.Read(Parsers.Json()(), [text]));
    }

    [Fact]
    public void A_completion_cut_anywhere_loses_only_the_call_that_was_cut()
    {
        const string First = "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>";
        const string Text = "ok\n" + First
            + "\n<tool_call>\n{\"name\": \"g\", \"arguments\": {\"a\": 1}}\n</tool_call>";
        for (var length = 0; length < Text.Length; length++)
        {
            var cut = Completion.Of(Parsers.Json(), Text[..length]);
            Assert.Equal(length >= 3 + First.Length ? "f{}" : "", cut.Calls);
            Assert.StartsWith(cut.Content[..Math.Min(2, cut.Content.Length)], "ok");
            Assert.Equal("", cut.Thinking);

            // A tag that was begun is text; a body that was begun is lost.
            Assert.True(cut.Content.Length <= "ok\n<tool_call".Length);
        }
    }

    [Fact]
    public void Ids_come_from_the_given_source_of_randomness()
    {
        const string Text = "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>";
        var ids = Enumerable.Range(0, 2)
            .Select(_ => Parsers.Json()().Read(Text + Text).ToolCalls.Select(call => call.Id).ToList())
            .ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0][0], ids[0][1]);
    }

    [Fact]
    public void Each_call_leaves_as_soon_as_it_is_complete()
    {
        var parser = Parsers.Json()();
        Assert.Equal("a", parser.Read("a <tool_call>{\"name\":\"f\",").Content);
        Assert.Empty(parser.Read("\"arguments\":{}}</tool_call").ToolCalls);
        var output = parser.Read(">");
        Assert.Equal(("", 1), (output.Content, output.ToolCalls.Count));
    }
}
