using Ollama.Platform.Prompting.Rendering;
using static Ollama.Platform.UnitTests.Prompting.Rendering.Conversations;

namespace Ollama.Platform.UnitTests.Prompting.Rendering;

public sealed class HybridThinkingTests
{
    private const string Head =
        """
        # Tools

        <tools>
        {"type": "function", "function": {"name": "f", "parameters": {}}}
        </tools>

        Call with <tool_call></tool_call><|im_end|>

        """;

    private static readonly ChatFormat Hybrid = Format("hybrid-thinking.jinja");

    [Fact]
    public void Content_call_and_result_without_thinking() => Assert.Equal(
        "<|im_start|>system\n" + Head + """
        <|im_start|>user
        U<|im_end|>
        <|im_start|>assistant
        ok
        <tool_call>
        {"name": "f", "arguments": {"a": 1}}
        </tool_call><|im_end|>
        <|im_start|>user
        <tool_response>
        X
        </tool_response><|im_end|>
        <|im_start|>assistant
        <think>

        </think>


        """,
        Hybrid.Render(Prompt(User("U"), Assistant("ok", Call("f", """{"a":1}""")), Result("X")) with
        {
            Tools = [Tool("""{"type":"function","function":{"name":"f","parameters":{}}}""")],
            Think = new(false, null),
        }));

    [Fact]
    public void Reasoning_stays_only_after_the_last_question() => Assert.Equal(
        """
        <|im_start|>user
        U<|im_end|>
        <|im_start|>assistant
        A<|im_end|>
        <|im_start|>user
        U2<|im_end|>
        <|im_start|>assistant
        <think>
        R2
        </think>

        <tool_call>
        {"name": "f", "arguments": {}}
        </tool_call><|im_end|>
        <|im_start|>user
        <tool_response>
        X
        </tool_response><|im_end|>
        <|im_start|>assistant

        """,
        Hybrid.Render(Prompt(
            User("U"),
            Assistant("A") with { Thinking = "R" },
            User("U2"),
            Assistant("", Call("f", "{}")) with { Thinking = "R2" },
            Result("X"))));

    [Fact]
    public void A_system_message_in_the_middle_keeps_its_place() => Assert.Equal(
        "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>system\nS2<|im_end|>\n"
            + "<|im_start|>assistant\n",
        Hybrid.Render(Prompt(SystemText("S"), User("U"), SystemText("S2"))));
}
