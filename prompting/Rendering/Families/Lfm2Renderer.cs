using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>LFM2: ChatML with the roles of the client, calls in Python's notation before the content.</summary>
/// <param name="thinks">The variant that reasons.</param>
internal sealed class Lfm2Renderer(bool thinks) : IPromptRenderer
{
    private const string Image = "<image>";

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new ChatMl().Add("<|startoftext|>");
        var hasSystem = messages is [{ Role: "system" }, ..];
        var system = hasSystem ? messages[0].Content : "";
        if (prompt.Tools.Count > 0)
        {
            var tools = prompt.Views().Select(
                tool => tool.Function is { } function
                    ? PromptJson.Write(function, JsonStyle.Python, ToolPart.Function)
                    : "{}");
            system += (system.Length > 0 ? "\n" : "")
                + $"List of tools: <|tool_list_start|>[{string.Join(", ", tools)}]<|tool_list_end|>";
        }

        _ = system.Length > 0 ? text.Turn("system", system) : text;
        var lastAnswer = messages.LastAnswer();
        for (var index = hasSystem ? 1 : 0; index < messages.Count; index++)
        {
            var message = messages[index];
            text.Open(message.Role);
            switch (message.Role)
            {
                case "assistant":
                    text.Add(Answer(message, thinks && (prompt.Thinks() || index == lastAnswer)));
                    break;
                case "tool":
                    text.Add("<|tool_response_start|>").Add(message.WithImages(Image)).Add("<|tool_response_end|>");
                    break;
                default:
                    text.Add(message.WithImages(Image));
                    break;
            }

            _ = messages.IsPrefill(index) ? text : text.Close();
        }

        return messages.EndsWithAnswer() ? text.ToString() : text.Open("assistant").ToString();
    }

    private static string Answer(ChatMessage message, bool showsThinking)
    {
        var (thinking, content) = (message.Thinking ?? "", message.Content);
        if (thinking.Length == 0 && ReasoningText.Split(content) is { Thinking: { } embedded } split)
        {
            (thinking, content) = (embedded, split.Answer.TrimStart());
        }

        var text = new StringBuilder();
        if (showsThinking && thinking.Length > 0)
        {
            text.Append("<think>").Append(thinking).Append("</think>");
        }

        if (message.ToolCalls.Count > 0)
        {
            text.Append("<|tool_call_start|>[").AppendJoin(',', message.ToolCalls.Select(PythonCalls.Write))
                .Append("]<|tool_call_end|>").Append(content.Length > 0 ? "\n" : "");
        }

        return text.Append(content).ToString();
    }
}
