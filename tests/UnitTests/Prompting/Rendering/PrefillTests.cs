using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.UnitTests.Prompting.Parsing;
using static Ollama.Platform.UnitTests.Prompting.Rendering.Conversations;

namespace Ollama.Platform.UnitTests.Prompting.Rendering;

public sealed class PrefillTests
{
    private const string Head = "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n";

    private static readonly ChatFormat TinyChat = Format("tiny-chat.jinja");

    [Theory]
    [InlineData(null, "", "The answer", "The answer")]
    [InlineData(null, "", "", "")]
    [InlineData(null, "R", "", "<think>\nR")]
    [InlineData(null, "R", "A", "<think>\nR\n</think>\n\nA")]
    [InlineData(true, "", "A", "<think>\n\n</think>\n\nA")]
    [InlineData(true, "", "", "<think>\n")]
    [InlineData(true, "R", "", "<think>\nR")]
    [InlineData(true, "R", "A", "<think>\nR\n</think>\n\nA")]
    [InlineData(false, "R", "A", "<think>\n\n</think>\n\nA")]
    [InlineData(false, "R", "", "<think>\n\n</think>\n\n")]
    public void The_last_answer_is_left_open(bool? think, string thinking, string content, string end) =>
        Assert.Equal(Head + end, TinyChat.Render(Prompt(think, thinking, content)));

    [Theory]
    [InlineData(null, "", "A", "<think>x</think>y", "<think>x</think>y", "")]
    [InlineData(null, "", "", "<think>x</think>y", "y", "x")]
    [InlineData(null, "R", "", " x</think>y", "y", " x")]
    [InlineData(true, "", "A", "x</think>y", "x</think>y", "")]
    [InlineData(true, "", "", "x</think>y", "y", "x")]
    [InlineData(true, "R", "", " x</think>y", "y", " x")]
    [InlineData(false, "R", "", "<think>x</think>y", "y", "x")]
    [InlineData(false, "", "A", "y", "y", "")]
    public void The_completion_is_read_from_where_it_begins(
        bool? think, string prefilledThinking, string prefilled, string completion, string content, string thinking)
    {
        var prompt = Prompt(think, prefilledThinking, prefilled);
        var rendered = TinyChat.Render(prompt);
        Assert.Equal(
            new(content, thinking, ""),
            Completion.Of(() => TinyChat.CreateParser(prompt, rendered), completion));
    }

    [Fact]
    public void An_answer_with_calls_is_history()
    {
        var prompt = Conversations.Prompt(User("U"), Assistant("", Call("f", "{}")));
        Assert.Equal(
            Head + "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call><|im_end|>\n<|im_start|>assistant\n",
            TinyChat.Render(prompt));
    }

    private static ChatPrompt Prompt(bool? think, string thinking, string content) =>
        Conversations.Prompt(User("U"), Assistant(content) with { Thinking = thinking }) with
        {
            Think = think is null ? null : new ThinkSetting(think.Value, null),
        };
}
