using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;
using static Ollama.Platform.Prompting.Rendering.Families.DeepSeekTokens;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>
/// DeepSeek V3.1: no line feeds between turns, and a mark after each question that tells whether to think.
/// </summary>
internal sealed class DeepSeek31Renderer : IPromptRenderer
{
    private const string Instructions =
        "\nA call has exactly this form, and nothing follows the calls:\n\n" + CallsBegin + CallBegin
        + "tool_name" + Separator + "arguments_as_json" + CallEnd + CallsEnd
        + "\n\nThe arguments are one valid JSON object that fits the tool's parameters. Several calls stand in one "
        + "block without anything between them.";

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new StringBuilder(Begin).Append(messages.Join("system")).Append(Declare(prompt));
        var lastUser = messages.LastUser();
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                    text.Append(User).Append(message.Content);
                    break;
                case "tool":
                    text.Append(OutputBegin).Append(message.Content).Append(OutputEnd);
                    break;
                case "assistant":
                    var followsUser = index > 0 && messages[index - 1].Role == "user";
                    var thought = prompt.Thinks() && index > lastUser && !string.IsNullOrEmpty(message.Thinking);
                    AppendAnswer(text, message, followsUser, thought);
                    break;
                default:
                    break;
            }
        }

        if (messages is [.., { Role: "user" }])
        {
            text.Append(Assistant).Append(prompt.Thinks() ? "<think>" : "</think>");
        }

        return text.ToString();
    }

    private static void AppendAnswer(StringBuilder text, ChatMessage message, bool followsUser, bool thought)
    {
        if (message.ToolCalls.Count > 0)
        {
            text.Append(followsUser ? Assistant + "</think>" : "").Append(message.Content).Append(CallsBegin);
            foreach (var call in message.ToolCalls)
            {
                text.Append(CallBegin).Append(call.Name).Append(Separator)
                    .Append(PromptJson.Write(call.Arguments, JsonStyle.Compact)).Append(CallEnd);
            }

            text.Append(CallsEnd).Append(End);
            return;
        }

        text.Append(followsUser ? Assistant + (thought ? "<think>" : "</think>") : "")
            .Append(message.Content).Append(End);
    }

    private static string Declare(ChatPrompt prompt)
    {
        if (prompt.Tools.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder("\n\n## Tools\n").Append(CallInstructions.Lead).Append('\n');
        foreach (var tool in prompt.Views())
        {
            var parameters = tool.Parameters is { } schema
                ? PromptJson.Write(schema, JsonStyle.Compact, ToolPart.Parameters)
                : "{}";
            text.Append("\n### ").Append(tool.Name).Append("\nDescription: ").Append(tool.Description)
                .Append("\n\nParameters: ").Append(parameters).Append('\n');
        }

        return text.Append(Instructions).ToString();
    }
}
