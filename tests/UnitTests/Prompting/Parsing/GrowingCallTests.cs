using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

/// <summary>Calls that nobody forced, told while the model writes them.</summary>
public sealed class GrowingCallTests
{
    private const string Hermes = "{{ tools }}<tool_call>";
    private const string GoTemplate =
        "{{ .Tools }}{{ range .Messages }}{{ if .ToolCalls }}<call>{{ end }}{{ end }}";
    private const string Arguments = "{\"a\": \"}]{\\\"\", \"b\": [{\"c\": 1}]}";

    /// <summary>Families whose arguments are JSON, and one call of each.</summary>
    public static TheoryData<string, string> Families() => new()
    {
        { "<tool_call>", "<tool_call>\n{\"name\": \"f\", \"arguments\": ARGS}\n</tool_call>" },
        { "[TOOL_CALLS] [ARGS]", "[TOOL_CALLS]f[CALL_ID]abcdefghi[ARGS]ARGS" },
        { "[TOOL_CALLS]", "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": ARGS, \"id\": \"abcdefghi\"}]" },
        {
            "<|tool_calls_section_begin|><|tool_call_begin|>",
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>ARGS"
                + "<|tool_call_end|><|tool_calls_section_end|>"
        },
        {
            "<|START_ACTION|>",
            "<|START_ACTION|>[\n {\"tool_call_id\": \"0\", \"tool_name\": \"f\", \"parameters\": ARGS}\n]"
                + "<|END_ACTION|>"
        },
        {
            "<｜tool▁call▁begin｜>",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>ARGS"
                + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
        },
        {
            "<｜tool▁call▁begin｜>",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\nARGS\n```"
                + "<｜tool▁call▁end｜>"
        },
        { "<TOOLCALL>", "<TOOLCALL>[{\"name\": \"f\", \"arguments\": ARGS}]</TOOLCALL>" },
        { "<|tools_prefix|>", "<|tools_prefix|>[{\"f\": ARGS}]<|tools_suffix|>" },
        { "<|tool_call|>", "<|tool_call|>[{\"type\": [1], \"name\":\"f\",\"arguments\":ARGS}]" },
        {
            "Action: ```json tool_name directly-answer",
            "Action: ```json\n[{\"tool_name\": \"f\", \"parameters\": ARGS}]\n```"
        },
        {
            "<|channel|> <|message|>",
            "<|channel|>commentary to=functions.f <|constrain|>json<|message|> ARGS<|call|>"
        },
        { "<|start_header_id|> parameters", "<|python_tag|>{\"name\": \"f\", \"parameters\": ARGS}" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Arguments_go_out_as_they_are_written(string template, string text)
    {
        var at = text.IndexOf("ARGS", StringComparison.Ordinal);
        if (text[(at + 1)..].Contains("ARGS", StringComparison.Ordinal))
        {
            at = text.IndexOf("ARGS", at + 1, StringComparison.Ordinal);
        }

        var parser = Parser(ChatFormat.FromJinja(template));
        Assert.Empty(parser.Read(text[..at]).CallPieces);
        foreach (var (index, character) in Arguments[..^1].Index())
        {
            var piece = Assert.Single(parser.Read(character.ToString()).CallPieces);
            Assert.Equal((0, character.ToString()), (piece.Index, piece.Arguments));
            Assert.Equal(index == 0 ? "f" : null, piece.Name);
        }

        ParsedOutput[] rest =
            [parser.Read("}"), .. text[(at + 4)..].Select(one => parser.Read(one.ToString())), parser.Finish()];
        Assert.Equal("}", string.Concat(rest.SelectMany(output => output.CallPieces).Select(one => one.Arguments)));
        var call = Assert.Single(rest.SelectMany(output => output.ToolCalls));
        Assert.Equal(("f", 0, Arguments), (call.Name, call.Index, call.Arguments.GetRawText()));
    }

    [Fact]
    public void Calls_that_come_in_one_list_grow_one_after_another()
    {
        const string Text = "[TOOL_CALLS][{\"name\":\"f\",\"arguments\":{\"a\":1}},"
            + "{\"name\":\"f\",\"arguments\":{\"a\":2}}]";
        var parser = Parser(ChatFormat.FromJinja("[TOOL_CALLS]"));
        var outputs = Text.Select(one => parser.Read(one.ToString())).ToList();
        var pieces = outputs.SelectMany(output => output.CallPieces).GroupBy(piece => piece.Index);
        Assert.Equal(
            ["{\"a\":1}", "{\"a\":2}"], pieces.Select(own => string.Concat(own.Select(piece => piece.Arguments))));
        Assert.Equal(2, outputs.Sum(output => output.ToolCalls.Count));
    }

    [Theory]
    [InlineData("{\"arguments\":{\"a\":1},\"name\":\"f\"}")]
    [InlineData("{\"name\":\"f\",\"arguments\":null}")]
    [InlineData("{\"name\":\"f\"}")]
    public void What_cannot_be_followed_comes_whole(string body)
    {
        var parser = Parser(ChatFormat.FromJinja(Hermes));
        var outputs = $"<tool_call>{body}</tool_call>".Select(one => parser.Read(one.ToString())).ToList();
        Assert.Empty(outputs.SelectMany(output => output.CallPieces));
        Assert.Single(outputs.SelectMany(output => output.ToolCalls));
    }

    [Theory]
    [InlineData("<tool_call>", "<tool_call>{\"name\":\"f\",\"arguments\":{a}}</tool_call>")]
    [InlineData(
        "<tool_call>", "<tool_call>{\"name\":\"f\",\"arguments\":{},\"arguments\":{\"a\":1}}</tool_call>")]
    [InlineData("<tool_call>", "<tool_call>{\"name\":\"f\",\"arguments\":{},\"name\":\"g\"}</tool_call>")]
    [InlineData("<tool_call>", "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":\"\\ud800\"}}</tool_call>")]
    [InlineData(
        "<｜tool▁call▁begin｜>", "<｜tool▁call▁begin｜>f<｜tool▁sep｜>{a}<｜tool▁call▁end｜>")]
    [InlineData("<|START_ACTION|>",
        "<|START_ACTION|>[{\"tool_name\":\"f\",\"parameters\":{a}},{\"tool_name\":\"f\",\"parameters\":{}}]"
            + "<|END_ACTION|>")]
    [InlineData("<|start_header_id|> parameters", "{\"name\":\"f\",\"parameters\":{a}}")]
    [InlineData("<|channel|> <|message|>", "<|channel|>commentary to=functions.f<|message|>{a}<|call|>")]
    public void A_call_that_breaks_in_the_middle_is_refused(string template, string text) =>
        Completion.Refusal(() => Parser(ChatFormat.FromJinja(template)), text);

    [Fact]
    public void A_broken_call_that_nobody_knows_of_is_left_out_as_ever()
    {
        var read = Completion.Of(
            () => Parser(ChatFormat.FromJinja("<｜tool▁call▁begin｜>")),
            "a<｜tool▁call▁begin｜>f<｜tool▁sep｜>1<｜tool▁call▁end｜>");
        Assert.Equal(new("a", "", ""), read);
    }

    [Theory]
    [InlineData("<tool_call>", "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":1")]
    [InlineData("<｜tool▁call▁begin｜>", "<｜tool▁call▁begin｜>f<｜tool▁sep｜>{\"a\":1")]
    [InlineData("<|START_ACTION|>", "<|START_ACTION|>[{\"tool_name\":\"f\",\"parameters\":{\"a\":1")]
    [InlineData("<|start_header_id|> parameters", "{\"name\":\"f\",\"parameters\":{\"a\":1")]
    public void A_call_that_the_end_cuts_off_is_none(string template, string text)
    {
        var parser = Parser(ChatFormat.FromJinja(template));
        Assert.Equal("{\"a\":1", Assert.Single(parser.Read(text).CallPieces).Arguments);
        var rest = parser.Finish();
        Assert.Equal(("", 0, 0), (rest.Content, rest.ToolCalls.Count, rest.CallPieces.Count));
    }

    [Theory]
    [InlineData("{\"\\ud800\":1,\"tool_name\":\"f\",\"parameters\":{}}", "")]
    [InlineData("{\"function\":\"x\",\"name\":\"y\",\"arguments\":{}}", "x{}")]
    [InlineData("{\"function\":\"\",\"name\":\"y\",\"arguments\":{}}", "y{}")]
    [InlineData("{\"function\":\"x\",\"arguments\":{},\"name\":\"y\"}", "x{}")]
    public void What_is_told_of_a_call_is_what_becomes_of_it(string call, string calls)
    {
        var format = ChatFormat.FromJinja("<|START_ACTION|>");
        var text = $"<|START_ACTION|>[{call}]<|END_ACTION|>";
        Assert.Equal(new("", "", calls), Completion.Of(() => Parser(format), text));
        Assert.Equal(new("", "", calls), Completion.Of(() => Parser(format, inPieces: false), text));
    }

    [Fact]
    public void A_name_that_means_no_call_is_never_told()
    {
        var parser = Parser(ChatFormat.FromJinja("Action: ```json tool_name directly-answer"));
        var output = parser.Read("Action: ```json\n[{\"tool_name\": \"directly-answer\", \"parameters\": {}}]\n```");
        Assert.Equal((0, 0), (output.CallPieces.Count, output.ToolCalls.Count));
    }

    [Fact]
    public void Text_that_only_looks_like_a_call_of_llama_stays_text()
    {
        const string Text = "{\"name\": \"Ann\", \"parameters\": {a}} and Bob";
        var read = Completion.Of(() => Parser(ChatFormat.FromJinja("<|start_header_id|> parameters")), Text);
        Assert.Equal(new(Text, "", ""), read);
    }

    [Theory]
    [InlineData("{\"name\":\"f\",\"parameters\":{\"a\":1}}", "{\"a\":1}")]
    [InlineData("f {\"name\":\"f\",\"arguments\":{\"a\":1}}", "{\"a\":1}")]

    // The call is the tool whose name comes first, and its arguments are then the whole object.
    [InlineData("g or {\"name\":\"f\",\"arguments\":{\"a\":1}}", "")]
    [InlineData("{\"name\":\"h\",\"arguments\":{\"a\":1}}", "")]
    [InlineData("{\"f\":{\"a\":1}}", "")]
    public void Calls_of_a_go_template_grow_where_their_name_is_certain(string text, string expected)
    {
        var format = ChatFormat.FromGo(GoTemplate);
        var parser = Parser(format, "f", "g");
        var outputs = ("<call>" + text).Select(one => parser.Read(one.ToString())).ToList();
        var pieces = outputs.SelectMany(output => output.CallPieces).ToList();
        Assert.Equal(expected, string.Concat(pieces.Select(piece => piece.Arguments)));
        Assert.True(expected.Length == 0 || pieces.Count > 3);
    }

    [Theory]
    [InlineData("<call>",
        "a <call>{\"name\":\"sum\",\"parameters\":{}}{\"name\":\"summary\",\"arguments\":{\"x\":\"}\"}}",
        "a", "sum{} summary{\"x\":\"}\"}")]
    [InlineData("<call>", "<call>{\"name\":\"sum\",\"arguments\":\"{\\\"a\\\":2}\"}", "", "sum{\"a\":2}")]
    [InlineData("<call>",
        "<call>{\"arguments\":{\"a\":1},\"name\":\"sum\"} {\"name\":\"get\",\"arguments\":{}}",
        "", "sum{\"a\":1} get{}")]
    [InlineData("[",
        "[{\"name\":\"sum\",\"arguments\":{\"a\":1}}, {\"name\":\"get\",\"arguments\":{}}] Done.",
        "Done.", "sum{\"a\":1} get{}")]
    [InlineData("{\"name\": ",
        "{\"name\":\"sum\",\"parameters\":{\"a\":1}}; {\"name\":\"get\",\"parameters\":{}}",
        "", "sum{\"a\":1} get{}")]
    [InlineData("{\"name\": ", "{\"other\": 1} and more", "{\"other\": 1} and more", "")]
    [InlineData("{\"name\": ",
        "{\"name\":\"h\",\"parameters\":{}} and more", "{\"name\":\"h\",\"parameters\":{}} and more", "")]
    public void Calls_of_a_go_template_are_the_same_in_pieces(string mark, string text, string content, string calls)
    {
        var format = ChatFormat.FromGo(GoTemplate.Replace("<call>", mark, StringComparison.Ordinal));
        Assert.Equal(
            new(content, "", calls),
            Completion.Of(inPieces => Parser(format, inPieces, "sum", "summary", "get"), text));
    }

    [Theory]
    [InlineData("<call>{\"name\":\"f\",\"arguments\":{a}}")]
    [InlineData("<call>{\"name\":\"f\",\"arguments\":{a}} {\"name\":\"f\",\"arguments\":{}}")]
    public void A_broken_call_of_a_go_template_is_refused_once_it_was_told(string text)
    {
        var format = ChatFormat.FromGo(GoTemplate);
        Completion.Refusal(() => Parser(format, "f"), text);
    }

    private static IOutputParser Parser(ChatFormat format, params string[] tools) => Parser(format, true, tools);

    private static IOutputParser Parser(ChatFormat format, bool inPieces, params string[] tools)
    {
        var prompt = BuiltIn.Prompt(null, BuiltIn.U) with { Tools = [BuiltIn.Tool], CallsInPieces = inPieces };
        if (tools.Length > 0)
        {
            prompt = prompt with { Tools = [.. tools.Select(name => Parsers.Tool(name, "{}"))] };
        }

        return format.CreateParser(prompt, "", new Random(1));
    }
}
