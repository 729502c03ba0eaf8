using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Laguna: each turn between tags, calls as keys and values in tags.</summary>
/// <param name="isLater">The later layout, without line feeds inside the tags.</param>
internal sealed class LagunaRenderer(bool isLater) : IPromptRenderer
{
    private const string DefaultSystem = "You are a helpful assistant for software engineering.";

    private readonly string _break = isLater ? "" : "\n";

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new StringBuilder("〈|EOS|〉");
        AppendSystem(text, prompt);
        var isOpen = false;
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                    Turn(text, "user", message.Content);
                    break;
                case "tool":
                    Turn(text, "tool_response", message.Content);
                    break;
                case "assistant":
                    isOpen = !isLater && messages.IsPrefill(index)
                        && (message.Content.Length > 0 || message.ToolCalls.Count > 0);
                    AppendAnswer(text, message, showsThinking: !isLater || prompt.Thinks(), isOpen);
                    break;
                default:
                    break;
            }
        }

        return isOpen
            ? text.ToString()
            : text.Append("<assistant>").Append(_break).Append(prompt.Thinks() ? "<think>" : "</think>").ToString();
    }

    private void AppendSystem(StringBuilder text, ChatPrompt prompt)
    {
        var system = prompt.Messages.FirstSystem();
        system = system.Length > 0 ? system : DefaultSystem;
        if (prompt.Tools.Count > 0)
        {
            var tools = string.Join(
                '\n',
                prompt.Tools.Select(tool => PromptJson.Write(tool.Definition, JsonStyle.Spacious, ToolPart.Tool)));
            system += $"\n\n### Tools\n\n{CallInstructions.Lead}\n<available_tools>\n{tools}\n</available_tools>\n\n"
                + CallInstructions.Arguments;
        }

        // The earlier layout has a blank line before the text.
        Turn(text, "system", isLater ? system : "\n" + system);
    }

    private void Turn(StringBuilder text, string tag, string content) =>
        text.Append('<').Append(tag).Append('>').Append(_break).Append(content).Append(_break)
            .Append("</").Append(tag).Append(">\n");

    private void AppendAnswer(StringBuilder text, ChatMessage message, bool showsThinking, bool isOpen)
    {
        var thinking = showsThinking ? message.Thinking?.Trim() ?? "" : "";
        text.Append("<assistant>").Append(_break)
            .Append(thinking.Length > 0 ? $"<think>{_break}{thinking}{_break}" : "").Append("</think>").Append(_break)
            .Append(message.Content);
        if (isOpen && message.ToolCalls.Count == 0)
        {
            return;
        }

        text.Append(message.Content.Length > 0 ? _break : "");
        foreach (var call in message.ToolCalls)
        {
            text.Append("<tool_call>").Append(call.Name).Append(_break);
            foreach (var (name, value) in call.Entries())
            {
                text.Append("<arg_key>").Append(name).Append("</arg_key>").Append(_break).Append("<arg_value>")
                    .Append(History.PlainText(value, JsonStyle.Spacious)).Append("</arg_value>").Append(_break);
            }

            text.Append("</tool_call>").Append(_break);
        }

        text.Append(isOpen ? "" : "</assistant>\n");
    }
}
