using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Gemma 4: results stand in the turn of their call, reasoning in a channel.</summary>
/// <param name="isLarge">The layout of the large models, which close an empty channel when they do not think.</param>
internal sealed class Gemma4Renderer(bool isLarge) : IPromptRenderer
{
    private const string ThoughtOpen = "<|channel>thought\n";
    private const string ThoughtClose = "<channel|>";
    private const string Image = "<|image|>";

    private static readonly MarkedText Notation = new("<|\"|>", isDetailed: true);

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new StringBuilder("<bos>");
        AppendSystem(text, prompt);
        var lastUser = messages.LastUser();
        var isOpen = false;
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                    text.Append("<|turn>user\n").Append(message.WithImages(Image).Trim()).Append("<turn|>\n");
                    break;
                case "assistant":
                    text.Append(isOpen ? "" : "<|turn>model\n");
                    isOpen = AppendAnswer(text, messages, index, index > lastUser);
                    break;
                default:
                    // Results are written with their call.
                    break;
            }
        }

        return text.Append(Opening(prompt, isOpen)).ToString();
    }

    private string Opening(ChatPrompt prompt, bool isOpen)
    {
        if (isOpen)
        {
            return prompt.Messages is [.., { Role: "tool" }] && prompt.Thinks() ? ThoughtOpen : "";
        }

        return "<|turn>model\n" + (isLarge && !prompt.Thinks() ? ThoughtOpen + ThoughtClose : "");
    }

    private static void AppendSystem(StringBuilder text, ChatPrompt prompt)
    {
        var system = prompt.Messages.Where(message => message.Role is "system" or "developer").ToList();
        if (system.Count == 0 && prompt.Tools.Count == 0 && !prompt.Thinks())
        {
            return;
        }

        text.Append("<|turn>system\n").Append(prompt.Thinks() ? "<|think|>\n" : "")
            .Append(system.Join("system", "developer").Trim());
        foreach (var tool in prompt.Views())
        {
            text.Append("<|tool>").Append(Notation.Declare(tool)).Append("<tool|>");
        }

        text.Append("<turn|>\n");
    }

    /// <summary>Writes an answer with the results of its calls; true when its turn goes on.</summary>
    private static bool AppendAnswer(
        StringBuilder text, IReadOnlyList<ChatMessage> messages, int index, bool isRecent)
    {
        var message = messages[index];
        if (isRecent && message.ToolCalls.Count > 0 && message.Thinking is { Length: > 0 } thinking)
        {
            text.Append(ThoughtOpen).Append(thinking.Trim()).Append('\n').Append(ThoughtClose);
        }

        text.Append(WithoutThoughts(message.Content).Trim());
        foreach (var call in message.ToolCalls)
        {
            text.Append("<|tool_call>").Append(Notation.Call(call)).Append("<tool_call|>");
        }

        var hasResults = false;
        for (index++; index < messages.Count && messages[index].Role == "tool"; index++)
        {
            hasResults = true;
            text.Append("<|tool_response>response:").Append(NameOf(message, messages[index])).Append("{value:")
                .Append(Notation.Text(messages[index].Content)).Append("}<tool_response|>");
        }

        if (message.ToolCalls.Count > 0 && !hasResults)
        {
            text.Append("<|tool_response>");
            return true;
        }

        // What the assistant says next to its results belongs to the same turn.
        if (hasResults && (index == messages.Count || messages[index].Role == "assistant"))
        {
            return true;
        }

        if (index < messages.Count && messages[index].Role == "assistant")
        {
            return true;
        }

        text.Append("<turn|>\n");
        return false;
    }

    private static string NameOf(ChatMessage caller, ChatMessage result) =>
        caller.ToolCalls.FirstOrDefault(call => call.Id is not null && call.Id == result.ToolCallId)?.Name
        ?? (result.ToolName is { Length: > 0 } name ? name : "unknown");

    private static string WithoutThoughts(string content)
    {
        for (var open = 0; (open = content.IndexOf("<|channel>", open, StringComparison.Ordinal)) >= 0;)
        {
            var close = content.IndexOf(ThoughtClose, open, StringComparison.Ordinal);
            content = close < 0 ? content[..open] : content.Remove(open, close + ThoughtClose.Length - open);
        }

        return content;
    }
}
