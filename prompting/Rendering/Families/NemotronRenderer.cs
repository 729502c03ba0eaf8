using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>
/// Nemotron 3 and 3.5 Nano: ChatML with tools and calls in tags, and a reasoning block in every answer.
/// </summary>
/// <param name="isLater">The 3.5 layout.</param>
internal sealed class NemotronRenderer(bool isLater) : IPromptRenderer
{
    private const string Close = "</think>";

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var thinks = !prompt.ThinkingIsOff();
        if (!isLater)
        {
            thinks = messages.Where(message => message.Role is "user" or "system")
                .Aggregate(thinks, (current, message) => Switch(message.Content, current));
        }

        var text = new ChatMl();
        AppendSystem(text, prompt);
        var lastUser = messages.LastUser();
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                    var isEfficient = isLater && index == lastUser && prompt.Think is { Level: "medium" };
                    text.Turn(
                        "user", Clean(message.Content) + (isEfficient ? "\n\n{reasoning effort: efficient}" : ""));
                    break;
                case "tool":
                    text.Add(messages.BeginsResults(index) ? "<|im_start|>user\n" : "")
                        .Add("<tool_response>\n").Add(message.Content).Add("\n</tool_response>\n");
                    _ = messages.EndsResults(index) ? text.Close() : text;
                    break;
                case "assistant":
                    AppendAnswer(text, message, index > lastUser);
                    break;
                default:
                    break;
            }
        }

        return text.Open("assistant").Add(thinks ? "<think>\n" : "<think></think>").ToString();
    }

    private void AppendSystem(ChatMl text, ChatPrompt prompt)
    {
        var system = Clean(prompt.Messages.FirstSystem());
        var tools = prompt.Tools.Count == 0
            ? ""
            : $"# Tools\n\n{CallInstructions.Lead}\n\n{TagTools.Declare(prompt, isPython: true)}\n\n"
                + CallInstructions.Tags;
        text.Turn("system", system + (system.Length > 0 && tools.Length > 0 ? "\n\n" : "") + tools);
    }

    private void AppendAnswer(ChatMl text, ChatMessage message, bool isRecent)
    {
        var (thinking, content) = (message.Thinking ?? "", message.Content);
        if (thinking.Length == 0 && ReasoningText.Split(content) is { Thinking: { } embedded } split)
        {
            (thinking, content) = (embedded, split.Answer);
        }

        text.Open("assistant");
        text.Add(
            thinking.Trim().Length == 0 || !isRecent ? "<think></think>"
            : isLater ? $"<think>\n{thinking.Trim()}</think>"
            : $"<think>\n{thinking.Trim()}\n</think>\n");
        content = content.Trim();
        text.Add(content).Add(content.Length > 0 && message.ToolCalls.Count > 0 ? "\n" : "");
        foreach (var call in message.ToolCalls)
        {
            text.Add("<tool_call>\n").Add(TagTools.Call(call)).Add("\n</tool_call>\n");
        }

        text.Close();
    }

    /// <summary>The last switch in a text wins; the closing tag is no switch.</summary>
    private static bool Switch(string content, bool current)
    {
        content = content.Replace(Close, "", StringComparison.Ordinal);
        var on = content.LastIndexOf("/think", StringComparison.Ordinal);
        var off = content.LastIndexOf("/no_think", StringComparison.Ordinal);
        return on == off ? current : on > off;
    }

    private string Clean(string content) => isLater || !content.Contains("think", StringComparison.Ordinal)
        ? content
        : string.Join(
            Close,
            content.Split(Close).Select(
                part => part.Replace("/no_think", "", StringComparison.Ordinal)
                    .Replace("/think", "", StringComparison.Ordinal)));
}
