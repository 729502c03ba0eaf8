using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Command A of 2026: text, reasoning and actions between tokens of their own, ids counted upwards.</summary>
internal sealed class CohereRenderer : IPromptRenderer
{
    private const string Start = "<|START_OF_TURN_TOKEN|>";
    private const string End = "<|END_OF_TURN_TOKEN|>";
    private const string System = "<|SYSTEM_TOKEN|>";
    private const string User = "<|USER_TOKEN|>";
    private const string Chatbot = "<|CHATBOT_TOKEN|>";

    // The space that the model's template leaves before the reasoning of a turn with calls.
    private static readonly string CallSpace = "\n" + new string(' ', 12) + "\n" + new string(' ', 16);

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new StringBuilder();
        Turn(text, System, Text(messages.FirstSystem() + Tools(prompt)));
        var (callCount, resultCount) = (0, 0);
        var isFirstSystem = true;
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "system":
                    _ = isFirstSystem ? text : Turn(text, System, Text(message.Content));
                    isFirstSystem = false;
                    break;
                case "user":
                    Turn(text, User, Text(message.Content));
                    break;
                case "tool":
                    text.Append(messages.BeginsResults(index) ? $"{Start}{System}<|START_TOOL_RESULT|>[\n" : ",\n")
                        .Append(Result(message, resultCount++))
                        .Append(messages.EndsResults(index) ? $"\n]<|END_TOOL_RESULT|>{End}" : "");
                    break;
                case "assistant":
                    AppendAnswer(text, message, ref callCount, messages.IsPrefill(index));
                    break;
                default:
                    break;
            }
        }

        return messages.EndsWithAnswer()
            ? text.ToString()
            : text.Append(Start).Append(Chatbot).Append("<|START_THINKING|>")
                .Append(prompt.ThinkingIsOff() ? "<|END_THINKING|>" : "").ToString();
    }

    private static StringBuilder Turn(StringBuilder text, string role, string body) =>
        text.Append(Start).Append(role).Append(body).Append(End);

    private static string Text(string text) => $"<|START_TEXT|>{text}<|END_TEXT|>";

    private static string Tools(ChatPrompt prompt)
    {
        var tools = prompt.Views().Select(
            tool => "    {\"name\": " + PromptJson.Write(tool.Name, JsonStyle.Spacious)
                + ", \"description\": " + PromptJson.Write(tool.Description, JsonStyle.Spacious)
                + ", \"parameters\": "
                + (tool.Parameters is { } schema
                    ? PromptJson.Write(schema, JsonStyle.Spacious, ToolPart.Parameters)
                    : "{}")
                + ", \"responses\": null}");
        return $"\n\n\n\n# Available Tools\n```json\n[\n{string.Join(",\n", tools)}\n]\n```";
    }

    private static string Result(ChatMessage message, int number) =>
        $"    {{\"tool_call_id\": \"{number}\", \"results\": {{\"0\": {{\"content\": "
        + PromptJson.Write(message.Content, JsonStyle.Spacious) + "}}, \"is_error\": null}";

    private static void AppendAnswer(StringBuilder text, ChatMessage message, ref int callCount, bool isOpen)
    {
        text.Append(Start).Append(Chatbot);
        if (message.ToolCalls.Count == 0)
        {
            text.Append(message.Thinking is { Length: > 0 } thinking ? Thought(thinking) : "")
                .Append("<|START_TEXT|>").Append(message.Content)
                .Append(isOpen ? "" : $"<|END_TEXT|>{End}");
            return;
        }

        // What was said before a call is its plan.
        var plan = message.Thinking is { Length: > 0 } reasoning ? reasoning : message.Content;
        text.Append(CallSpace).Append(Thought(plan)).Append("<|START_ACTION|>[\n");
        foreach (var (call, index) in message.ToolCalls.Select((call, index) => (call, index)))
        {
            text.Append(index > 0 ? ",\n" : "").Append("    {\"tool_call_id\": \"").Append(callCount++)
                .Append("\", \"tool_name\": ").Append(PromptJson.Write(call.Name, JsonStyle.Spacious))
                .Append(", \"parameters\": ").Append(PromptJson.Write(call.Arguments, JsonStyle.Spacious)).Append('}');
        }

        text.Append("\n]<|END_ACTION|>").Append(isOpen ? "" : End);
    }

    private static string Thought(string thinking) => $"<|START_THINKING|>{thinking}<|END_THINKING|>";
}
