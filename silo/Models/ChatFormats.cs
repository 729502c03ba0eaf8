using System.Collections.Concurrent;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Models;

/// <summary>Parses each chat template of a model once. Safe on any thread.</summary>
internal sealed class ChatFormats
{
    // A host has few templates; past this the cache starts anew rather than growing.
    private const int CountMax = 64;
    private readonly ConcurrentDictionary<(TemplateLanguage Language, string Text), ChatFormat> _formats = [];

    /// <summary>The format that a template describes.</summary>
    /// <exception cref="TemplateException">The template does not parse.</exception>
    public ChatFormat Get(TemplateLanguage language, string template)
    {
        if (_formats.TryGetValue((language, template), out var format))
        {
            return format;
        }

        format = language == TemplateLanguage.Go ? ChatFormat.FromGo(template) : ChatFormat.FromJinja(template);
        if (_formats.Count >= CountMax)
        {
            _formats.Clear();
        }

        _formats[(language, template)] = format;
        return format;
    }
}
