using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;
using static Ollama.Platform.Prompting.Rendering.Families.DeepSeekTokens;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Cogito v2: DeepSeek's tokens, calls with their arguments in a fenced block.</summary>
internal sealed class CogitoRenderer : IPromptRenderer
{
    private const string Identity = "You are Cogito, an AI assistant.";
    private const string Thinking = "Enable deep thinking subroutine.\n\n";

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new StringBuilder(Begin);
        AppendSystem(text, prompt);
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                    text.Append(User).Append(message.Content).Append(Assistant);
                    break;
                case "tool":
                    text.Append(messages.BeginsResults(index) ? OutputsBegin : "\n")
                        .Append(OutputBegin).Append(message.Content).Append(OutputEnd)
                        .Append(messages.EndsResults(index) ? OutputsEnd : "");
                    break;
                case "assistant":
                    AppendAnswer(text, message);
                    break;
                default:
                    break;
            }
        }

        text.Append(messages is [.., { Role: "user" }] ? "" : Assistant);
        return text.Append(prompt.Thinks() ? "<think>\n" : "").ToString();
    }

    private static void AppendSystem(StringBuilder text, ChatPrompt prompt)
    {
        var system = prompt.Messages.Join("system");
        text.Append(prompt.Thinks() ? Thinking : "").Append(Identity);
        if (system.Length > 0)
        {
            text.Append("\n\n").Append(system).Append(prompt.Thinks() ? "\n\n" : "");
        }

        if (prompt.Tools.Count == 0)
        {
            return;
        }

        text.Append("\n\n").Append(CallInstructions.Lead).Append('\n');
        foreach (var tool in prompt.Tools)
        {
            text.Append("```json\n").Append(PromptJson.Write(tool.Definition, JsonStyle.Indented, ToolPart.Tool))
                .Append("\n```\n");
        }
    }

    private static void AppendAnswer(StringBuilder text, ChatMessage message)
    {
        text.Append(message.Content);
        foreach (var (call, number) in message.ToolCalls.Select((call, number) => (call, number)))
        {
            text.Append(number == 0 ? CallsBegin : "\n").Append(CallBegin).Append("function").Append(Separator)
                .Append(call.Name).Append("\n```json\n")
                .Append(PromptJson.Write(call.Arguments, JsonStyle.Compact)).Append("\n```").Append(CallEnd);
        }

        text.Append(message.ToolCalls.Count > 0 ? CallsEnd : "").Append(End);
    }
}
