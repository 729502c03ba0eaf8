using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

/// <summary>What a chat template shows of its family's marks decides how completions are read.</summary>
public sealed class JinjaOutputTests
{
    private const string Glm = "<tool_call>f<arg_key>a</arg_key><arg_value>1</arg_value></tool_call>";

    [Theory]
    [InlineData("{{ messages }}", "")]
    [InlineData("<tool_call>", "<tool_call> </tool_call>")]
    [InlineData("<think>\n</think> <tool_call>\n{\"name\"", "<think> </think> <tool_call> </tool_call>")]
    [InlineData("content.split('</think>')", "<think> </think>")]
    [InlineData("<seed:tool_call>\n<function=x>\n<parameter=y> <seed:think>",
        "<seed:think> </seed:think> <seed:tool_call> </seed:tool_call>")]
    [InlineData("<tool_call> <function name=\"f\"><param name=\"p\">", "")]
    [InlineData("<|channel|>analysis <tool_call>", "<tool_call> </tool_call>")]
    public void The_template_implies_the_marks(string template, string expected) =>
        Assert.Equal(expected, string.Join(' ', ChatFormat.FromJinja(template).PreservedTokens));

    [Theory]
    [InlineData("<tool_call>", "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":1}}</tool_call>")]
    [InlineData("<tool_call>\n<function=x>\n<parameter=y>",
        "<tool_call><function=f><parameter=a>1</parameter></function></tool_call>")]
    [InlineData("[SYSTEM_PROMPT] [TOOL_CALLS] [ARGS] [CALL_ID]", "[TOOL_CALLS]f[CALL_ID]abcdefghi[ARGS]{\"a\":1}")]
    [InlineData("[TOOL_CALLS]", "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"a\":1}, \"id\": \"abcdefghi\"}]")]
    [InlineData("<|tool_calls_section_begin|><|tool_call_begin|>",
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{\"a\":1}"
            + "<|tool_call_end|><|tool_calls_section_end|>")]
    [InlineData("<arg_key>", Glm)]
    [InlineData("<|START_ACTION|>",
        "<|START_ACTION|>[\n {\"tool_call_id\": \"0\", \"tool_name\": \"f\", \"parameters\": {\"a\":1}}\n]"
            + "<|END_ACTION|>")]
    [InlineData("<|tool_call_start|>", "<|tool_call_start|>[f(a=1)]<|tool_call_end|>")]
    [InlineData("<minimax:tool_call>",
        "<minimax:tool_call>\n<invoke name=\"f\">\n<parameter name=\"a\">1</parameter>\n</invoke>\n"
            + "</minimax:tool_call>")]
    [InlineData("DSML function_calls",
        "<｜DSML｜function_calls>\n<｜DSML｜invoke name=\"f\">\n<｜DSML｜parameter name=\"a\" string=\"false\">1"
            + "</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>")]
    [InlineData("<｜tool▁call▁begin｜>",
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{\"a\":1}<｜tool▁call▁end｜>")]
    [InlineData("<|tool_call>call:", "<|tool_call>call:f{a:1}<tool_call|>")]
    [InlineData("<start_function_call>", "<start_function_call>call:f{a:1}<end_function_call>")]
    [InlineData("<TOOLCALL>", "<TOOLCALL>[{\"name\": \"f\", \"arguments\": {\"a\":1}}]</TOOLCALL>")]
    [InlineData("<|tools_prefix|>", "<|tools_prefix|>[{\"f\": {\"a\":1}}]<|tools_suffix|>")]
    [InlineData("<|tool_call|>", "<|tool_call|>[{\"name\":\"f\",\"arguments\":{\"a\":1}}]")]
    [InlineData("<|tool_call|>", "<|tool_call|>[{\"name\":\"f\",\"arguments\":{\"a\":1}}]<|/tool_call|>")]
    [InlineData("<functions> <function_calls>", "<function_calls>f(a=1)</function_calls>")]
    [InlineData("Action: ```json tool_name directly-answer",
        "Action: ```json\n[{\"tool_name\": \"f\", \"parameters\": {\"a\":1}}]\n```")]
    [InlineData("<|channel|> <|message|>",
        "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\":1}")]
    [InlineData("<atem:function_calls>",
        " to=f<|message|><atem:function_calls>\n<atem:invoke name=\"f\">\n<atem:parameter name=\"a\">1"
            + "</atem:parameter>\n</atem:invoke>\n</atem:function_calls>")]
    [InlineData("<|start_header_id|> parameters", "{\"name\": \"f\", \"parameters\": {\"a\":1}}")]
    public void Calls_are_found_in_the_family_s_own_form(string template, string text)
    {
        var format = ChatFormat.FromJinja(template);
        var prompt = BuiltIn.Prompt(null, BuiltIn.U) with { Tools = [BuiltIn.Tool] };
        var read = Completion.Of(inPieces => Parser(format, prompt, inPieces), text);
        Assert.Equal(new("", "", "f{\"a\":1}"), read);

        // Nobody asked for calls, so that there are none; the text stays.
        var bare = Completion.Of(() => format.CreateParser(BuiltIn.Prompt(null, BuiltIn.U), "", new Random(1)), text);
        Assert.Equal("", bare.Calls);
    }

    [Theory]
    [InlineData("{\"name\":\"w\",\"parameters\":{\"city\":\"Paris\"}}", "", "w{\"city\":\"Paris\"}")]
    [InlineData("<|python_tag|>{\"name\":\"w\",\"parameters\":{}}", "", "w{}")]
    [InlineData(" {\"name\":\"a\",\"parameters\":{}}; {\"name\":\"b\",\"arguments\":{}}\n", "", "a{} b{}")]
    [InlineData("Sure: {\"name\":\"w\",\"parameters\":{}}", "Sure: {\"name\":\"w\",\"parameters\":{}}", "")]
    [InlineData("{\"answer\": 42} is it", "{\"answer\": 42} is it", "")]
    [InlineData("{\"name\":\"w\",\"parameters\":{", "{\"name\":\"w\",\"parameters\":{", "")]
    [InlineData("<|python_tag|>print(1)", "<|python_tag|>print(1)", "")]
    [InlineData("{broken} text", "{broken} text", "")]
    [InlineData("", "", "")]
    public void Llama_calls_are_the_whole_answer(string text, string content, string calls)
    {
        var format = ChatFormat.FromJinja("<|start_header_id|> parameters");
        var prompt = BuiltIn.Prompt(null, BuiltIn.U) with { Tools = [BuiltIn.Tool] };
        Assert.Equal(new(content, "", calls), Completion.Of(inPieces => Parser(format, prompt, inPieces), text));
    }

    [Fact]
    public void A_call_that_means_none_is_none()
    {
        var format = ChatFormat.FromJinja("Action: ```json tool_name directly-answer");
        var prompt = BuiltIn.Prompt(null, BuiltIn.U) with { Tools = [BuiltIn.Tool] };
        var text = "Action: ```json\n[{\"tool_name\": \"directly-answer\", \"parameters\": {}}]\n```";
        Assert.Equal(new("", "", ""), Completion.Of(inPieces => Parser(format, prompt, inPieces), text));
    }

    private static IOutputParser Parser(ChatFormat format, ChatPrompt prompt, bool inPieces) =>
        format.CreateParser(prompt with { CallsInPieces = inPieces }, "", new Random(1));
}
