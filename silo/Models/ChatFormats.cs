using System.Collections.Concurrent;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Models;

/// <summary>Parses each chat template once. Safe on any thread.</summary>
internal sealed class ChatFormats
{
    // A host has few templates; past this the cache starts anew rather than growing.
    private const int CountMax = 64;
    private readonly ConcurrentDictionary<string, ChatFormat> _formats = new(StringComparer.Ordinal);

    /// <summary>The format that a Jinja template describes.</summary>
    /// <exception cref="TemplateException">The template does not parse.</exception>
    public ChatFormat Get(string template)
    {
        if (_formats.TryGetValue(template, out var format))
        {
            return format;
        }

        format = ChatFormat.FromJinja(template);
        if (_formats.Count >= CountMax)
        {
            _formats.Clear();
        }

        _formats[template] = format;
        return format;
    }
}
