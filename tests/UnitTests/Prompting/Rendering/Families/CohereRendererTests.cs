using Ollama.Platform.Contracts.Models;
using static Ollama.Platform.UnitTests.Prompting.Rendering.Families.BuiltIn;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

/// <summary>Cohere and Glimmer.</summary>
public sealed class CohereRendererTests
{
    private const string Start = "<|START_OF_TURN_TOKEN|>";
    private const string End = "<|END_OF_TURN_TOKEN|>";

    [Theory]
    [InlineData(null, "")]
    [InlineData(false, "<|END_THINKING|>")]
    public void Cohere_puts_texts_between_tokens(bool? think, string end) =>
        Assert.Equal(
            $"{Start}<|SYSTEM_TOKEN|><|START_TEXT|>S\n\n\n\n# Available Tools\n```json\n[\n\n]\n```<|END_TEXT|>{End}"
            + $"{Start}<|USER_TOKEN|><|START_TEXT|>U<|END_TEXT|>{End}{Start}<|CHATBOT_TOKEN|><|START_THINKING|>R"
            + $"<|END_THINKING|><|START_TEXT|>A<|END_TEXT|>{End}{Start}<|USER_TOKEN|><|START_TEXT|>V<|END_TEXT|>{End}"
            + $"{Start}<|CHATBOT_TOKEN|><|START_THINKING|>{end}",
            Render("cohere", think, S, U, A, V));

    [Fact]
    public void Cohere_counts_its_calls()
    {
        var text = RenderWithTool("cohere", null, U, CallsTwice, Result, Result2, Calls, Result);
        Assert.Contains(
            "```json\n[\n    {\"name\": \"f\", \"description\": \"D\", \"parameters\": {\"type\": \"object\", ", text);
        Assert.EndsWith(
            $"{Start}<|CHATBOT_TOKEN|>\n            \n                <|START_THINKING|><|END_THINKING|>"
                + $"<|START_ACTION|>[\n"
            + "    {\"tool_call_id\": \"0\", \"tool_name\": \"f\", \"parameters\": {\"b\": \"x\", \"a\": [1]}},\n"
            + "    {\"tool_call_id\": \"1\", \"tool_name\": \"g\", \"parameters\": {}}\n]<|END_ACTION|>"
            + $"{End}{Start}<|SYSTEM_TOKEN|><|START_TOOL_RESULT|>[\n    {{\"tool_call_id\": \"0\", \"results\": "
            + $"{{\"0\": "
            + "{\"content\": \"X\"}}, \"is_error\": null},\n    {\"tool_call_id\": \"1\", \"results\": {\"0\": "
            + $"{{\"content\": \"Y\"}}}}, \"is_error\": null}}\n]<|END_TOOL_RESULT|>{End}{Start}<|CHATBOT_TOKEN|>\n"
            + "            \n                <|START_THINKING|>R<|END_THINKING|><|START_ACTION|>[\n    "
            + "{\"tool_call_id\": \"2\", \"tool_name\": \"f\", \"parameters\": {\"a\": 1}}\n]<|END_ACTION|>"
            + $"{End}{Start}<|SYSTEM_TOKEN|><|START_TOOL_RESULT|>[\n    {{\"tool_call_id\": \"2\", \"results\": "
            + $"{{\"0\": "
            + $"{{\"content\": \"X\"}}}}, \"is_error\": null}}\n]<|END_TOOL_RESULT|>{End}{Start}<|CHATBOT_TOKEN|>"
            + "<|START_THINKING|>",
            text);
    }

    [Fact]
    public void Cohere_leaves_an_answer_open() =>
        Assert.EndsWith("<|END_THINKING|><|START_TEXT|>A", Render("cohere", null, U, A));

    [Theory]
    [InlineData("low", true)]
    [InlineData("max", true)]
    [InlineData("none", false)]
    [InlineData("medium", true)]
    public void Glimmer_says_how_hard_to_reason(string strength, bool on)
    {
        var think = new ThinkSetting(on, strength is "none" or "medium" ? null : strength);
        Assert.Equal(
            $"<|begin_of_text|><|start|>system<|message|>S\n\nReasoning strength: {strength}.\n\nValid "
                + $"recipients: self, "
            + "user.<|eot|><|start|>user<|message|>U<|eot|><|start|>assistant to=self<|message|>R<|eom|>"
            + "<|start|>assistant "
            + "to=user<|message|>A<|eot|><|start|>user<|message|>V<|eot|><|start|>assistant",
            Render("glimmer", Prompt(null, S, U, A, V) with { Think = think }));
    }

    [Fact]
    public void Glimmer_addresses_calls_to_their_functions()
    {
        var text = RenderWithTool("glimmer", null, U, CallsTwice, Result, Result2);
        Assert.Contains("Valid recipients: self, user, f.<|eot|>", text);
        Assert.EndsWith(
            "<|start|>assistant to=f<|message|><atem:function_calls>\n<atem:invoke name=\"f\">\n"
            + "<atem:parameter name=\"b\">x</atem:parameter>\n<atem:parameter name=\"a\">[1]</atem:parameter>\n"
            + "</atem:invoke>\n</atem:function_calls><|eom|><|start|>assistant to=g<|message|><atem:function_calls>\n"
            + "<atem:invoke name=\"g\">\n</atem:invoke>\n</atem:function_calls><|eot|><|start|>tool f<|message|>"
            + "<tool_output name=\"f\">\nX\n</tool_output><|eom|><|start|>tool g<|message|><tool_output "
            + "name=\"g\">\nY\n"
            + "</tool_output><|eot|><|start|>assistant",
            text);
    }
}
