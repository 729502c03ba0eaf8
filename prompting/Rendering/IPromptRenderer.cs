namespace Ollama.Platform.Prompting.Rendering;

/// <summary>Applies one family's chat format to a conversation. Pure and safe to share between threads.</summary>
public interface IPromptRenderer
{
    /// <summary>Renders the conversation up to the point where the assistant continues.</summary>
    /// <exception cref="TemplateException">The template failed or exceeded its limits.</exception>
    string Render(ChatPrompt prompt);
}
