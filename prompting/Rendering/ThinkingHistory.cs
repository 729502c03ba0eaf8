using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>
/// Takes old reasoning out of a conversation for models that were trained without it: clients send an answer back as
/// they received it, which for older clients includes the reasoning.
/// </summary>
public static class ThinkingHistory
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    /// <summary>Whether a model is one of those.</summary>
    /// <param name="family">The model's family, e.g. <c>qwen3</c>.</param>
    /// <param name="model">The model part of its name, e.g. <c>deepseek-r1</c>.</param>
    public static bool AppliesTo(string family, string model) =>
        family == "qwen3" || model.Equals("deepseek-r1", StringComparison.OrdinalIgnoreCase);

    /// <summary>Removes a leading reasoning block from each answer before the last user message.</summary>
    public static IReadOnlyList<ChatMessage> Strip(IReadOnlyList<ChatMessage> messages)
    {
        var lastUser = messages.Count - 1;
        while (lastUser >= 0 && messages[lastUser].Role != "user")
        {
            lastUser--;
        }

        return [.. messages.Select((message, index) => index < lastUser ? Strip(message) : message)];
    }

    private static ChatMessage Strip(ChatMessage message)
    {
        var content = message.Content.AsSpan().TrimStart();
        if (message.Role != "assistant" || !content.StartsWith(Open, StringComparison.Ordinal))
        {
            return message;
        }

        // Reasoning without its end is reasoning to the end.
        var end = content.IndexOf(Close, StringComparison.Ordinal);
        var answer = end < 0 ? [] : content[(end + Close.Length)..].TrimStart();
        return message with { Content = answer.ToString() };
    }
}
