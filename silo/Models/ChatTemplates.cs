using System.Collections.Concurrent;

namespace Ollama.Platform.Silo.Models;

/// <summary>Parses each chat template once. Safe on any thread.</summary>
/// <param name="parse">Parses a Jinja template; throws <c>TemplateException</c>.</param>
internal sealed class ChatTemplates(Func<string, ChatTemplate> parse)
{
    // A host has few templates; past this the cache starts anew rather than growing.
    private const int CountMax = 64;
    private readonly ConcurrentDictionary<string, ChatTemplate> _parsed = new(StringComparer.Ordinal);

    /// <summary>The parsed template.</summary>
    public ChatTemplate Get(string text)
    {
        if (_parsed.TryGetValue(text, out var template))
        {
            return template;
        }

        template = parse(text);
        if (_parsed.Count >= CountMax)
        {
            _parsed.Clear();
        }

        _parsed[text] = template;
        return template;
    }
}
