using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>Renders <c>role:content|</c> for each message; the template <c>broken</c> fails.</summary>
internal sealed class ScriptedTemplate(string source) : IPromptRenderer
{
    public static ChatTemplates Templates { get; } = new(source =>
        new ChatTemplate(new ScriptedTemplate(source), (_, _) => new PlainParser()));

    public string Render(ChatPrompt prompt) => source == "broken"
        ? throw new TemplateException("scripted failure", 1, 2)
        : (prompt.Think is { Enabled: true } ? "think|" : "")
            + string.Concat(prompt.Messages.Select(message => $"{message.Role}:{message.Content}|"));
}
