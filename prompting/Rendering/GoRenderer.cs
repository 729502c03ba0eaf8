using Ollama.Platform.Prompting.Go.Chat;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>Renders with the Go template of a model's layer, or of a request.</summary>
internal sealed class GoRenderer(GoChatTemplate template) : IPromptRenderer
{
    public string Render(ChatPrompt prompt) => template.Render(prompt);

    /// <summary>Renders both sides of a gap.</summary>
    /// <exception cref="TemplateException">The template failed or exceeded its limits.</exception>
    public string RenderGap(ChatPrompt prompt, string prefix, string suffix) =>
        template.RenderGap(prompt, prefix, suffix);
}
