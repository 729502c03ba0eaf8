using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;
using static Ollama.Platform.UnitTests.Prompting.Rendering.Conversations;

namespace Ollama.Platform.UnitTests.Prompting.Rendering;

/// <summary>The prompts of the shipped model, as it saw them in training.</summary>
public sealed class TinyChatRenderingTests
{
    private const string Tool =
        """
        {"type": "function", "function": {"name": "get_weather", "description": "Get the weather <now>",
         "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
        """;

    private static readonly string Tools =
        """
        # Tools

        You may call these functions:
        <tools>
        TOOL
        </tools>

        To call a function, answer with:
        <tool_call>
        {"name": <function-name>, "arguments": <args-json-object>}
        </tool_call><|im_end|>

        """.Replace("TOOL", Tool.ReplaceLineEndings(""), StringComparison.Ordinal);

    private static readonly ChatFormat TinyChat = Format("tiny-chat.jinja");

    [Fact]
    public void The_template_has_tools_and_thinking() =>
        Assert.Equal((true, true), (TinyChat.SupportsTools, TinyChat.SupportsThinking));

    [Fact]
    public void A_question() => AssertRendered(
        """
        <|im_start|>user
        What is the capital of France?<|im_end|>
        <|im_start|>assistant

        """,
        Prompt(User("What is the capital of France?")));

    [Theory]
    [InlineData(null, "")]
    [InlineData(true, "<think>\n")]
    [InlineData(false, "<think>\n\n</think>\n\n")]
    public void Thinking_on_off_and_not_said(bool? think, string end) => AssertRendered(
        "<|im_start|>system\nYou are Dewibo.<|im_end|>\n<|im_start|>user\nYour name?<|im_end|>\n<|im_start|>assistant\n"
            + end,
        Prompt(SystemText("You are Dewibo."), User("Your name?")) with
        {
            Think = think is null ? null : new ThinkSetting(think.Value, null),
        });

    [Theory]
    [InlineData("low")]
    [InlineData("max")]
    public void Any_level_is_thinking(string level) => AssertRendered(
        "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n<think>\n",
        Prompt(User("U")) with { Think = new(true, level) });

    [Fact]
    public void A_conversation_with_old_reasoning() => AssertRendered(
        """
        <|im_start|>user
        1 plus 1?<|im_end|>
        <|im_start|>assistant
        2<|im_end|>
        <|im_start|>user
        plus 1?<|im_end|>
        <|im_start|>assistant

        """,
        Prompt(User("1 plus 1?"), Assistant("<think>\neasy\n</think>\n\n2"), User("plus 1?")));

    [Fact]
    public void Tools_with_a_system_text() => AssertRendered(
        "<|im_start|>system\nBe short.\n\n" + Tools + "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n",
        Prompt(SystemText("Be short."), User("U")) with { Tools = [Weather] });

    [Fact]
    public void Calls_and_their_results() => AssertRendered(
        "<|im_start|>system\n" + Tools + """
        <|im_start|>user
        Weather in Rome and Oslo?<|im_end|>
        <|im_start|>assistant
        <tool_call>
        {"name": "get_weather", "arguments": {"city": "Rome"}}
        </tool_call>
        <tool_call>
        {"name": "get_weather", "arguments": {"city": "Oslo & é"}}
        </tool_call><|im_end|>
        <|im_start|>user
        <tool_response>
        {"temperature": -10, "condition": "sunny"}
        </tool_response>
        <tool_response>
        windy, 9 degrees
        </tool_response><|im_end|>
        <|im_start|>assistant

        """,
        Prompt(
            User("Weather in Rome and Oslo?"),
            Assistant(
                "",
                Call("get_weather", """{"city":"Rome"}"""),
                Call("get_weather", """{"city":"Oslo & é"}""")),
            Result("""{"temperature": -10, "condition": "sunny"}"""),
            Result("windy, 9 degrees")) with
        { Tools = [Weather] });

    [Fact]
    public void Texts_of_a_client_are_never_read_as_template() => AssertRendered(
        "<|im_start|>user\n{{ 1 + 1 }}{% if %}<|im_end|>\n<|im_start|>assistant\n",
        Prompt(User("{{ 1 + 1 }}{% if %}")));

    private static void AssertRendered(string expected, ChatPrompt prompt) =>
        Assert.Equal(expected, TinyChat.Render(prompt));
}
