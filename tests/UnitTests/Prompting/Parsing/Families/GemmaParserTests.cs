using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing.Families;

public sealed class GemmaParserTests
{
    private const string Paris = "<|tool_call>call:w{city:<|\"|>Paris {FR}<|\"|>,d:[1,2]}<tool_call|>";

    [Theory]
    [InlineData("gemma4", true, "<|channel>thought\nsum<channel|>Hi", "Hi", "sum", "")]
    [InlineData("gemma4", false, "<|channel>thought\nsum<channel|>Hi", "Hi", "", "")]
    [InlineData("gemma4-no-thinking", null, "<|channel>thought\nsum<channel|>Hi", "Hi", "", "")]
    [InlineData("gemma4", true, "A <|channel>thought\nsum<channel|>\nB", "AB", "sum", "")]
    [InlineData("gemma4", true, Paris + Paris, "", "", "w{\"city\":\"Paris {FR}\",\"d\":[1,2]} w{\"city\":\"Paris {FR}\",\"d\":[1,2]}")]
    [InlineData("gemma4", false, "ok\n<|tool_call>call:w{}<tool_call|><|tool_response>", "ok", "", "w{}")]
    [InlineData("gemma4", false, "<|tool_call>call:w{city:<|\"|>Par", "", "", "w{\"city\":\"Par\"}")]
    [InlineData("gemma4", false, "<|tool_call>call:w{city:<|\"|>Par}<tool_call|>", "", "", "w{\"city\":\"Par\"}")]
    [InlineData("gemma4", false, "<|tool_call>call:w{city:'Par',n:2<tool_call|>", "", "", "w{\"city\":\"Par\",\"n\":2}")]
    [InlineData("gemma4", false, "<|tool_call>call:w{city:Par is,o:{<|\"|>k<|\"|>:null,l:[true]}}<tool_call|>", "", "",
        "w{\"city\":\"Par is\",\"o\":{\"k\":null,\"l\":[true]}}")]
    [InlineData("gemma4", false, "<|tool_call>call:w{n:what}<tool_call|>B", "B", "", "")]
    [InlineData("gemma4", false, "<|tool_call>nothing<tool_call|>B", "B", "", "")]
    [InlineData("functiongemma", null,
        "<start_function_call>call:w{city:<escape>A,B<escape>,n:3,f:{x:true}}<end_function_call>", "", "",
        "w{\"city\":\"A,B\",\"n\":3,\"f\":{\"x\":true}}")]
    [InlineData("functiongemma", null,
        "ok \n<start_function_call>call:a{}<end_function_call><start_function_call>call:b{v:[1.5,word]}"
            + "<end_function_call>",
        "ok \n", "", "a{} b{\"v\":[1.5,\"word\"]}")]
    [InlineData("functiongemma", null, "<start_function_call>nothing<end_function_call>", "", "", "")]
    [InlineData("functiongemma", null, "<start_function_call>call:w{city:<escape>A", "", "", "")]
    public void A_completion_is_taken_apart(
        string parser, bool? think, string text, string content, string thinking, string calls) =>
        Assert.Equal(
            new(content, thinking, calls),
            BuiltIn.Read(
                parser, text, think, Parsers.Tool("w", """{"city":{"type":"string"},"n":{"type":"integer"}}""")));

    [Fact]
    public void After_a_result_the_model_goes_on_thinking() =>
        Assert.Equal(
            new("Hi", "sum", ""),
            BuiltIn.Read(
                "gemma4", "sum<channel|>Hi", BuiltIn.Prompt(true, BuiltIn.U, BuiltIn.Calls, BuiltIn.Result)));
}
