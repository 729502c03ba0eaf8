using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>GLM-4.7 and GLM-OCR: roles are separators, calls are keys and values in tags.</summary>
/// <param name="breaksLines">GLM-OCR's older layout: each part on a line of its own.</param>
internal sealed class GlmRenderer(bool breaksLines) : IPromptRenderer
{
    private readonly string _break = breaksLines ? "\n" : "";

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new StringBuilder("[gMASK]<sop>");
        AppendTools(text, prompt);
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "system":
                    text.Append("<|system|>").Append(_break).Append(message.Content);
                    break;
                case "user":
                    text.Append("<|user|>").Append(_break).Append(message.Content)
                        .Append(breaksLines && prompt.ThinkingIsOff() ? "/nothink" : "");
                    break;
                case "tool":
                    text.Append(messages.BeginsResults(index) ? $"<|observation|>{_break}" : "")
                        .Append("<tool_response>").Append(_break).Append(message.Content).Append(_break)
                        .Append("</tool_response>").Append(_break);
                    break;
                case "assistant":
                    AppendAnswer(text, message);
                    break;
                default:
                    break;
            }
        }

        return text.Append("<|assistant|>").Append(_break).Append(Opening(prompt.ThinkingIsOff())).ToString();
    }

    private string Opening(bool isOff) =>
        breaksLines ? (isOff ? "<think></think>\n" : "") : isOff ? "</think>" : "<think>";

    private void AppendAnswer(StringBuilder text, ChatMessage message)
    {
        var thinking = message.Thinking?.Trim() ?? "";
        text.Append("<|assistant|>").Append(_break)
            .Append(breaksLines || thinking.Length > 0 ? "<think>" : "").Append(thinking).Append("</think>")
            .Append(breaksLines ? "\n" : "").Append(message.Content.Trim());
        foreach (var call in message.ToolCalls)
        {
            text.Append(_break).Append(Call(call));
        }

        text.Append(_break);
    }

    private static string Call(ToolCall call)
    {
        var text = new StringBuilder("<tool_call>").Append(call.Name);
        foreach (var (name, value) in call.Entries())
        {
            text.Append("<arg_key>").Append(name).Append("</arg_key><arg_value>")
                .Append(History.PlainText(value, JsonStyle.Compact)).Append("</arg_value>");
        }

        return text.Append("</tool_call>").ToString();
    }

    private static void AppendTools(StringBuilder text, ChatPrompt prompt)
    {
        if (prompt.Tools.Count == 0)
        {
            return;
        }

        text.Append("<|system|>\n# Tools\n\n").Append(CallInstructions.Lead).Append("\n\n<tools>\n");
        foreach (var tool in prompt.Tools)
        {
            text.Append(PromptJson.Write(tool.Definition, JsonStyle.Spacious, ToolPart.Tool)).Append('\n');
        }

        text.Append("</tools>\n\n").Append(CallInstructions.Arguments);
    }
}
