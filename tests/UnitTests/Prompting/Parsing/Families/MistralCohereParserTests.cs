using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing.Families;

/// <summary>Ministral, Cohere and Glimmer.</summary>
public sealed class MistralCohereParserTests
{
    private const string Action =
        "<|START_ACTION|>[\n    {\"tool_call_id\": \"0\", \"tool_name\": \"w\", \"parameters\": {\"c\": \"Rome\"}}\n]";

    private const string Atem =
        "<atem:function_calls>\n<atem:invoke name=\"w\">\n<atem:parameter name=\"c\">Rome</atem:parameter>\n"
        + "</atem:invoke>\n</atem:function_calls>";

    [Theory]
    [InlineData("ministral", null, "[TOOL_CALLS]w[ARGS]{\"c\":\"a}b\"}[TOOL_CALLS]w[ARGS]{\"c\":\"x\"}", "", "",
        "w{\"c\":\"a}b\"} w{\"c\":\"x\"}")]
    [InlineData("ministral", null, "[THINK]2+2[/THINK]4", "4", "2+2", "")]
    [InlineData("ministral", null, "ok [TOOL_CALLS]w[CALL_ID]abcdefghi[ARGS]{}", "ok", "", "w{}")]
    [InlineData("ministral", null, "[TOOL_CALLS]w[ARGS]{\"c\":", "", "", "")]
    [InlineData("ministral", null, "[TOOL_CALL", "[TOOL_CALL", "", "")]
    [InlineData("cohere", null, "plan<|END_THINKING|>" + Action + "<|END_ACTION|>", "", "plan", "w{\"c\": \"Rome\"}")]
    [InlineData("cohere", null, "plan<|END_THINKING|>" + Action, "", "plan", "w{\"c\": \"Rome\"}")]
    [InlineData("cohere", false, "<|START_TEXT|>Hi<|END_TEXT|>", "Hi", "", "")]
    [InlineData("cohere", false, "<|START_RESPONSE|>Hi<|END_RESPONSE|><|END_OF_TURN_TOKEN|>", "Hi", "", "")]
    [InlineData("cohere", false, "Hi", "Hi", "", "")]
    [InlineData("cohere", false, "<|START_ACTION|>[{broken}, {\"tool_name\": \"w\", \"parameters\": {}}<|END_ACTION|>", "", "",
        "w{}")]
    [InlineData("cohere", false, "<|START_ACTION|>nothing<|END_ACTION|>B", "B", "", "")]
    [InlineData("glimmer", null, " to=self<|message|>R<|eom|><|start|>assistant to=user<|message|>A<|eot|>", "A", "R", "")]
    [InlineData("glimmer", false, " to=self<|message|>R<|eom|><|start|>assistant to=user<|message|>A", "A", "", "")]
    [InlineData("glimmer", null, " to=w<|message|>" + Atem + "<|eom|><|start|>assistant to=w.w<|message|>" + Atem, "", "",
        "w{\"c\":\"Rome\"} w{\"c\":\"Rome\"}")]
    [InlineData("glimmer", null, " to=user<|message|>" + Atem + "<|eot|>", "", "", "w{\"c\":\"Rome\"}")]
    [InlineData("glimmer", null, " to=user<|message|>Look: " + Atem, "Look: " + Atem, "", "")]
    public void A_completion_is_taken_apart(
        string parser, bool? think, string text, string content, string thinking, string calls) =>
        Assert.Equal(
            new(content, thinking, calls),
            BuiltIn.Read(parser, text, think, Parsers.Tool("w", """{"c":{"type":"string"}}""")));

    [Theory]
    [InlineData("ministral", "[TOOL_CALLS]x[ARGS]{}", "invalid tool call: there is no tool \"x\"")]
    [InlineData("ministral", "[TOOL_CALLS]w[ARGS]{x}", "invalid tool call: not valid JSON")]
    [InlineData("glimmer", " to=w<|message|>nothing<|eot|>",
        "invalid tool call: <atem:invoke name=…> is missing")]
    public void A_broken_call_fails_the_request(string parser, string text, string message) =>
        Assert.Equal(message, BuiltIn.Refusal(parser, text, null, Parsers.Tool("w", "{}")));
}
