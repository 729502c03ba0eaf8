using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing.Families;

public sealed class QwenParserTests
{
    private const string Call = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>";

    private const string TagCall =
        "<tool_call>\n<function=f>\n<parameter=a>\n1\n</parameter>\n</function>\n</tool_call>";

    [Theory]
    [InlineData("qwen3", null, "<think>x</think>A", "<think>x</think>A", "", "")]
    [InlineData("qwen3", true, "Let me look.\n\n" + Call, "Let me look.", "", "f{\"a\": 1}")]
    [InlineData("qwen3-thinking", null, "hmm\n</think>\n\n4", "4", "hmm", "")]
    [InlineData("qwen3-thinking", true, "<think>\nhmm</think>4", "4", "hmm", "")]
    [InlineData("qwen3-thinking", false, "4", "4", "", "")]
    [InlineData("qwen3-thinking", true, "need tool " + Call, "", "need tool", "f{\"a\": 1}")]
    [InlineData("qwen3-thinking", true, "only thoughts", "", "only thoughts", "")]
    [InlineData("qwen3-vl-instruct", true, "a" + Call + "\n" + Call, "a", "", "f{\"a\": 1} f{\"a\": 1}")]
    [InlineData("qwen3-vl-thinking", null, "R</think>\nA", "A", "R", "")]
    [InlineData("qwen3-vl-thinking", false, "A", "A", "", "")]
    [InlineData("qwen3-coder", null, "ok\n" + TagCall + "\n", "ok", "", "f{\"a\":1}")]
    [InlineData("qwen3.5", null, "R\n</think>\n\nA\n\n" + TagCall, "A", "R", "f{\"a\":1}")]
    [InlineData("qwen3.5", null, "R " + TagCall + "\n" + TagCall, "", "R", "f{\"a\":1} f{\"a\":1}")]
    [InlineData("ornith", false, "A", "A", "", "")]
    [InlineData("nemotron-3-nano", true, "<think>\nx\n</think>\n\nok", "ok", "x", "")]
    [InlineData("nemotron-3.5-nano", true, "x</think>ok", "ok", "x", "")]
    [InlineData("nemotron-3-nano", false, "ok" + TagCall, "ok", "", "f{\"a\":1}")]
    [InlineData("passthrough", true, "<think>x</think>" + Call, "<think>x</think>" + Call, "", "")]
    public void A_completion_is_taken_apart(
        string parser, bool? think, string text, string content, string thinking, string calls) =>
        Assert.Equal(new(content, thinking, calls), BuiltIn.Read(parser, text, think));

    [Theory]
    [InlineData("qwen3", "<tool_call>{\"name\":\"t\",\"arguments\":\"{}\"}</tool_call>")]
    [InlineData("qwen3-vl-instruct", "<tool_call>{\"name\":\"\",\"arguments\":{}}</tool_call>")]
    [InlineData("qwen3-coder", "<tool_call><function=f><parameter=a>1</function></tool_call>")]
    [InlineData("nemotron-3-nano", "<tool_call><function=f></tool_call>")]
    public void A_malformed_call_fails_the_request(string parser, string text) =>
        Assert.StartsWith("invalid tool call: ", BuiltIn.Refusal(parser, text));

    [Fact]
    public void A_prefilled_answer_goes_on_as_content()
    {
        var prompt = BuiltIn.Prompt(true, BuiltIn.U, BuiltIn.A);
        Assert.Equal(new("x</think>y", "", ""), BuiltIn.Read("qwen3-thinking", "x</think>y", prompt));
    }

    [Fact]
    public void Prefilled_reasoning_goes_on_as_reasoning()
    {
        var prompt = BuiltIn.Prompt(true, BuiltIn.U, BuiltIn.A with { Content = "" });
        Assert.Equal(new("y", "x", ""), BuiltIn.Read("qwen3-thinking", "x</think>y", prompt));
    }
}
