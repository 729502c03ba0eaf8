using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing.Families;

/// <summary>LFM2 and OLMo 3, whose calls are written as Python would.</summary>
public sealed class PythonStyleParserTests
{
    [Theory]
    [InlineData("lfm2", null, "<|tool_call_start|>[w(city='Paris, FR', n=2), t()]<|tool_call_end|>", "", "",
        "w{\"city\":\"Paris, FR\",\"n\":2} t{}")]
    [InlineData("lfm2", null, "ok <|tool_call_start|>w(a=True,b=None,c=1.5,d=[1,\"x\"],e={'k': false},f=word)<|tool_call_end|>\nB",
        "okB", "", "w{\"a\":true,\"b\":null,\"c\":1.5,\"d\":[1,\"x\"],\"e\":{\"k\":false},\"f\":\"word\"}")]
    [InlineData("lfm2", null, "<|tool_call_start|>[w(a=\"x\\ny)\")]<|tool_call_end|>", "", "", "w{\"a\":\"x\\\\ny)\"}")]
    [InlineData("lfm2", null, "<|tool_call_start|>[w(a=<|tool_call_end|>B", "B", "", "")]
    [InlineData("lfm2", null, "<|tool_call_start|>[w(a=1", "", "", "")]
    [InlineData("lfm2", null, " [f(a=1), f(a=2)]\n", "", "", "f{\"a\":1} f{\"a\":2}")]
    [InlineData("lfm2", null, "f(a=1)", "", "", "f{\"a\":1}")]
    [InlineData("lfm2", null, "[f(a=1), g()]", "[f(a=1), g()]", "", "")]
    [InlineData("lfm2", null, "[f(a=1) and so on", "[f(a=1) and so on", "", "")]
    [InlineData("lfm2", null, "[1, 2]", "[1, 2]", "", "")]
    [InlineData("lfm2", null, "f", "f", "", "")]
    [InlineData("lfm2-thinking", true, "<think>R</think>A", "A", "R", "")]
    [InlineData("lfm2-thinking", true, "A <think>", "A <think>", "", "")]
    [InlineData("olmo3", null, "Sure.<function_calls>w(city=\"Paris\", opts={\"n\": 2})\nt()</function_calls>", "Sure.", "",
        "w{\"city\":\"Paris\",\"opts\":{\"n\":2}} t{}")]
    [InlineData("olmo3", null, "Sure. \n<function_calls>w(city=\"a\\n\\\"b\\\"\")</function_calls>", "Sure. \n", "",
        "w{\"city\":\"a\\n\\\"b\\\"\"}")]
    [InlineData("olmo3", null, "<function_calls>t()\nnot a call</function_calls>B", "B", "", "")]
    [InlineData("olmo3", null, "<function_calls>w(a=word)</function_calls>", "", "", "")]
    [InlineData("olmo3-think", null, "R</think>\n\nA", "A", "R", "")]
    [InlineData("olmo3-think", false, "R", "", "R", "")]
    public void A_completion_is_taken_apart(
        string parser, bool? think, string text, string content, string thinking, string calls) =>
        Assert.Equal(new(content, thinking, calls), BuiltIn.Read(parser, text, think));
}
