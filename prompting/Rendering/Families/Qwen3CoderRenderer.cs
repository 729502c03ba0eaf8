using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Qwen3-Coder: ChatML with tools and calls in tags, no reasoning.</summary>
internal sealed class Qwen3CoderRenderer : IPromptRenderer
{
    private const string DefaultSystem = "You are a helpful assistant that answers by calling functions.";

    public string Render(ChatPrompt prompt)
    {
        var text = new ChatMl();
        var system = prompt.Messages.FirstSystem();
        if (prompt.Tools.Count > 0)
        {
            text.Turn(
                "system",
                $"{(system.Length > 0 ? system : DefaultSystem)}\n\n# Tools\n\n{CallInstructions.Lead}\n\n"
                + $"{TagTools.Declare(prompt, isPython: false)}\n\n{CallInstructions.Tags}");
        }
        else if (system.Length > 0)
        {
            text.Turn("system", system);
        }

        for (var index = 0; index < prompt.Messages.Count; index++)
        {
            AppendMessage(text, prompt, index);
        }

        return (prompt.Messages.EndsWithAnswer() ? text : text.Open("assistant")).ToString();
    }

    private static void AppendMessage(ChatMl text, ChatPrompt prompt, int index)
    {
        var message = prompt.Messages[index];
        switch (message.Role)
        {
            case "user":
                text.Turn("user", message.Content);
                break;
            case "tool":
                text.Result(prompt.Messages, index, message.Content);
                break;
            case "assistant":
                text.Open("assistant").Add(message.Content);
                text.Add(message.Content.Length > 0 && message.ToolCalls.Count > 0 ? "\n" : "");
                foreach (var call in message.ToolCalls)
                {
                    text.Add("\n<tool_call>\n").Add(TagTools.Call(call)).Add("\n</tool_call>");
                }

                _ = prompt.Messages.IsPrefill(index) ? text : text.Close();
                break;
            default:
                // Only the first system text counts, and it has been written.
                break;
        }
    }
}
