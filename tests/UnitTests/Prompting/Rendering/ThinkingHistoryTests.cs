using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Rendering;

public sealed class ThinkingHistoryTests
{
    [Theory]
    [InlineData("qwen3", "anything", true)]
    [InlineData("llama", "deepseek-r1", true)]
    [InlineData("llama", "tiny-chat", false)]
    [InlineData("qwen3moe", "qwen3", false)]
    public void Only_models_trained_without_old_reasoning_lose_it(string family, string model, bool applies) =>
        Assert.Equal(applies, ThinkingHistory.AppliesTo(family, model));

    [Theory]
    [InlineData("<think>x</think>\n\n4", "4")]
    [InlineData(" \n<think>\nx\n</think>4", "4")]
    [InlineData("<think>x", "")]
    [InlineData("4 <think>x</think>", "4 <think>x</think>")]
    [InlineData("<thinking>x", "<thinking>x")]
    [InlineData("", "")]
    public void Leading_reasoning_goes_from_answers_before_the_last_user_message(string content, string rest)
    {
        ChatMessage[] messages =
        [
            new() { Role = "user", Content = content },
            new() { Role = "assistant", Content = content },
            new() { Role = "user", Content = "and?" },
            new() { Role = "assistant", Content = content },
        ];
        Assert.Equal(
            [content, rest, "and?", content],
            ThinkingHistory.Strip(messages).Select(message => message.Content));
    }

    [Fact]
    public void Without_a_user_message_everything_stays()
    {
        ChatMessage[] messages = [new() { Role = "assistant", Content = "<think>x</think>y" }];
        Assert.Equal(messages, ThinkingHistory.Strip(messages));
    }
}
