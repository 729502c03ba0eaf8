using static Ollama.Platform.UnitTests.Prompting.Rendering.Families.BuiltIn;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

public sealed class GemmaRendererTests
{
    private const string Declared =
        "declaration:f{description:~D~,parameters:{properties:{a:{description:~n <1>~,type:~INTEGER~}},required:[~a~],"
        + "type:~OBJECT~}}";

    [Fact]
    public void Results_stand_in_the_turn_of_their_call() =>
        Assert.Equal(
            "<bos><|turn>system\n<|think|>\nS<|tool>" + Declared.Replace("~", "<|\"|>") + "<tool|><turn|>\n"
            + "<|turn>user\nU<turn|>\n<|turn>model\n<|channel>thought\nR\n<channel|>ok<|tool_call>call:f{a:1}"
            + "<tool_call|>"
            + "<|tool_response>response:f{value:<|\"|>X<|\"|>}<tool_response|><|channel>thought\n",
            RenderWithTool("gemma4-small", true, S, U, Calls, Result));

    [Theory]
    [InlineData("gemma4-small", false, "")]
    [InlineData("gemma4-large", false, "<|channel>thought\n<channel|>")]
    [InlineData("gemma4-large", true, "")]
    public void Old_reasoning_is_dropped(string renderer, bool think, string end)
    {
        var answer = A with { Content = "<|channel>thought\nold<channel|>A" };
        Assert.Equal(
            $"<bos>{(think ? "<|turn>system\n<|think|>\n<turn|>\n" : "")}<|turn>user\nU<turn|>\n<|turn>model\nA"
                + $"<turn|>\n"
            + $"<|turn>user\nV<turn|>\n<|turn>model\n{end}",
            Render(renderer, think, U, answer, V));
    }

    [Fact]
    public void A_call_without_a_result_waits_for_it() =>
        Assert.EndsWith(
            "<|turn>model\n<|tool_call>call:f{a:[1],b:<|\"|>x<|\"|>}<tool_call|><|tool_call>call:g{}<tool_call|>"
            + "<|tool_response>",
            Render("gemma4", false, U, CallsTwice));

    [Fact]
    public void After_results_the_answer_ends_the_turn() =>
        Assert.EndsWith(
            "<tool_response|>A<turn|>\n<|turn>user\nV<turn|>\n<|turn>model\n",
            Render("gemma4", false, U, Calls, Result, A, V));

    [Fact]
    public void Parameters_are_declared_in_detail()
    {
        var tool = Conversations.Tool(
            """
            {"function":{"name":"f","parameters":{"properties":{"z":{"type":["string","null"]},"type":{"type":"string"},
            "e":{"type":"string","enum":["x","y"]},"l":{"type":"array","items":{"type":"integer"}},
            "o":{"type":"object","properties":{"i":{"type":"boolean"}},"required":["i"]}}}}}
            """);
        Assert.Contains(
            "properties:{e:{enum:[~x~,~y~],type:~STRING~},l:{items:{type:~INTEGER~},type:~ARRAY~},"
            + "o:{properties:{i:{type:~BOOLEAN~}},required:[~i~],type:~OBJECT~},z:{type:~['STRING', "
            + "'NULL']~}},type:~OBJECT~",
            Render("gemma4", Prompt(false, U) with { Tools = [tool] }).Replace("<|\"|>", "~"));
    }

    [Fact]
    public void FunctionGemma_goes_on_after_a_result()
    {
        var text = RenderWithTool("functiongemma", null, S, U, Calls, Result, Result2);
        Assert.StartsWith("<bos><start_of_turn>developer\nS\n", text);
        Assert.EndsWith(
            $"<start_function_declaration>{Declared.Replace("~", "<escape>")}<end_function_declaration><end_of_turn>\n"
            + "<start_of_turn>user\nU<end_of_turn>\n<start_of_turn>model\nok<start_function_call>call:f{a:1}"
            + "<end_function_call><start_function_response>response:f{<escape>X<escape>}<end_function_response>"
            + "response:g{<escape>Y<escape>}<end_function_response>",
            text);
    }

    [Fact]
    public void FunctionGemma_closes_a_last_answer() =>
        Assert.Equal(
            "<bos><start_of_turn>user\nU<end_of_turn>\n<start_of_turn>model\nA<end_of_turn>\n<start_of_turn>model\n",
            Render("functiongemma", null, U, A));
}
