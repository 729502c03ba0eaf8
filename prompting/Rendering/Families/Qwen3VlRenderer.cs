using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Qwen3-VL: ChatML with tools and calls as JSON, and marks for images.</summary>
/// <param name="thinksUnasked">The variant that reasons unless told not to.</param>
internal sealed class Qwen3VlRenderer(bool thinksUnasked) : IPromptRenderer
{
    /// <summary>Stands where an image was.</summary>
    public const string Image = "<|vision_start|><|image_pad|><|vision_end|>";

    public string Render(ChatPrompt prompt)
    {
        var thinks = prompt.Think?.Enabled ?? thinksUnasked;
        var text = new ChatMl();
        var messages = prompt.Messages;
        var system = messages is [{ Role: "system" }, ..] ? messages[0].WithImages(Image) : "";
        if (prompt.Tools.Count > 0)
        {
            text.Turn(
                "system",
                $"{system}{(system.Length > 0 ? "\n\n" : "")}{JsonTools.Declare(prompt)}\n\n{CallInstructions.Json}");
        }
        else if (messages is [{ Role: "system" }, ..])
        {
            text.Turn("system", system);
        }

        var lastQuery = messages.LastQuery();
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                case "system" when index > 0:
                    text.Turn(message.Role, message.WithImages(Image));
                    break;
                case "tool":
                    text.Result(messages, index, message.WithImages(Image));
                    break;
                case "assistant":
                    AppendAnswer(text, messages, index, thinks && index > lastQuery);
                    break;
                default:
                    break;
            }
        }

        return messages.EndsWithAnswer()
            ? text.ToString()
            : text.Open("assistant").Add(thinks ? "<think>\n" : "").ToString();
    }

    private static void AppendAnswer(ChatMl text, IReadOnlyList<ChatMessage> messages, int index, bool thinks)
    {
        var message = messages[index];
        var isOpen = messages.IsPrefill(index);
        var thinking = message.Thinking ?? "";
        text.Open("assistant");
        if (thinks && isOpen && message.Content.Length == 0 && message.ToolCalls.Count == 0)
        {
            // The reasoning is what the model goes on with.
            text.Add("<think>\n").Add(thinking);
        }
        else if (thinks && (thinking.Length > 0 || index == messages.Count - 1))
        {
            text.Add("<think>\n").Add(thinking.Trim('\n')).Add("\n</think>\n\n").Add(message.Content.TrimStart('\n'));
        }
        else
        {
            text.Add(message.Content);
        }

        foreach (var (call, number) in message.ToolCalls.Select((call, number) => (call, number)))
        {
            text.Add(number > 0 || message.Content.Length > 0 ? "\n" : "").Add(JsonTools.Call(call));
        }

        _ = isOpen ? text : text.Close();
    }
}
