using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>OLMo 3: ChatML, tools as JSON behind the system text, calls in Python's notation on a line each.</summary>
/// <param name="defaultSystem">What the model is told when the client says nothing.</param>
/// <param name="thinks">The variant that reasons, and knows no tools.</param>
internal sealed class Olmo3Renderer(string defaultSystem, bool thinks) : IPromptRenderer
{
    private const string NoFunctions = " You have no functions to call.";
    private const string SomeFunctions = " You can call the functions that are listed here.";

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new ChatMl().Turn("system", System(prompt));
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                    text.Turn("user", message.Content);
                    break;
                case "tool" when !thinks:
                    text.Turn("environment", message.Content);
                    break;
                case "assistant":
                    text.Open("assistant").Add(message.Content).Add(thinks ? "" : Calls(message));
                    _ = IsOpen(messages, index) ? text : text.Close();
                    break;
                default:
                    break;
            }
        }

        return messages.Count > 0 && IsOpen(messages, messages.Count - 1)
            ? text.ToString()
            : text.Open("assistant").Add(thinks ? "<think>" : "").ToString();
    }

    private bool IsOpen(IReadOnlyList<ChatMessage> messages, int index) =>
        !thinks && messages.IsPrefill(index) && messages[index].ToolCalls.Count == 0;

    private static string Calls(ChatMessage message) => message.ToolCalls.Count == 0
        ? ""
        : "<function_calls>"
            + string.Join('\n', message.ToolCalls.Select(call => PythonCalls.Write(call, ", ")))
            + "</function_calls>";

    private string System(ChatPrompt prompt)
    {
        var own = prompt.Messages.FirstSystem();
        if (thinks)
        {
            return own.Length > 0 ? own + NoFunctions : defaultSystem;
        }

        var tools = string.Join(
            ", ", prompt.Tools.Select(tool => PromptJson.Write(tool.Definition, JsonStyle.Spacious, ToolPart.Tool)));
        return (own.Length > 0 ? own : defaultSystem + (prompt.Tools.Count > 0 ? SomeFunctions : NoFunctions))
            + $"<functions>{(prompt.Tools.Count > 0 ? $"[{tools}]" : "")}</functions>";
    }
}
