namespace Ollama.Platform.Silo.Models;

/// <summary>The language of a chat template.</summary>
internal enum TemplateLanguage
{
    /// <summary>That of GGUF files.</summary>
    Jinja = 0,

    /// <summary>That of template layers.</summary>
    Go = 1,
}
