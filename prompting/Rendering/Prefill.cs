using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>
/// Lets the model go on with a last message that the client wrote in the assistant's name. The turn is begun as for any
/// answer, and the message's text is put behind it: a template would close the turn.
/// </summary>
internal static class Prefill
{
    /// <summary>The message to go on with; null when the assistant begins anew.</summary>
    public static ChatMessage? Of(ChatPrompt prompt) =>
        prompt.Messages is [.., { Role: "assistant", ToolCalls.Count: 0 } last] ? last : null;

    /// <summary>Where in the output syntax the completion begins.</summary>
    public static OutputBeginning Beginning(ChatPrompt prompt, string rendered, OutputSyntax syntax)
    {
        if (EndsOpen(rendered, syntax))
        {
            // Some families close the last answer and begin a new one, reasoning included.
            return OutputBeginning.ThinkingOpened;
        }

        var message = Of(prompt);
        if (message?.Content.Length > 0)
        {
            return OutputBeginning.Content;
        }

        return message is not null && Thinking(prompt, message).Length > 0
            ? OutputBeginning.WithinThinking
            : OutputBeginning.Open;
    }

    /// <summary>Puts the message behind a rendered prompt that ends where the assistant begins.</summary>
    public static string Append(ChatPrompt prompt, string rendered, ChatMessage message, OutputSyntax syntax)
    {
        var thinking = Thinking(prompt, message);
        var isOpen = EndsOpen(rendered, syntax);
        var text = new StringBuilder(rendered);
        if (syntax.ThinkingClose is not null && (isOpen || thinking.Length > 0))
        {
            text.Append(isOpen ? "" : syntax.ThinkingOpen + "\n").Append(thinking);
            text.Append(message.Content.Length > 0 ? $"\n{syntax.ThinkingClose}\n\n" : "");
        }

        return text.Append(message.Content).ToString();
    }

    private static string Thinking(ChatPrompt prompt, ChatMessage message) =>
        prompt.Think is { Enabled: false } ? "" : message.Thinking ?? "";

    private static bool EndsOpen(string rendered, OutputSyntax syntax) =>
        syntax.ThinkingOpen is not null
        && rendered.AsSpan().TrimEnd().EndsWith(syntax.ThinkingOpen + syntax.ThinkingLabel, StringComparison.Ordinal);
}
