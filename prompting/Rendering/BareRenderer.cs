using System.Text;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>
/// The format of models without a chat template: what user and assistant said, with nothing in between. System texts
/// and tool results have no place in it.
/// </summary>
internal sealed class BareRenderer : IPromptRenderer
{
    public string Render(ChatPrompt prompt)
    {
        var text = new StringBuilder();
        var previous = "";
        foreach (var message in prompt.Messages.Where(message => message.Role is "user" or "assistant"))
        {
            // Messages of one role in a row are paragraphs of one message.
            text.Append(message.Role == previous ? "\n\n" : "").Append(message.Content);
            previous = message.Role;
        }

        return text.ToString();
    }
}
