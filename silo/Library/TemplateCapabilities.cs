using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Library;

/// <summary>What the text of a template says that its model can do.</summary>
internal static class TemplateCapabilities
{
    /// <summary>Reads a Jinja template, as GGUF files carry it.</summary>
    public static IEnumerable<ModelCapability> OfJinja(string template)
    {
        if (Has(template, "tools") || Has(template, "tool_call"))
        {
            yield return ModelCapability.Tools;
        }

        // A template that cuts thoughts off old answers, but has no name for them, belongs to a model that thinks.
        // One with channels belongs to a model that reasons in one of them.
        if ((Has(template, "</think>") && (Has(template, "<think>") || !Has(template, "reasoning_content")))
            || (Has(template, "<|channel|>") && Has(template, "<|message|>")))
        {
            yield return ModelCapability.Thinking;
        }
    }

    /// <summary>Reads a Go template, as template layers hold it; one that does not parse says nothing.</summary>
    public static IReadOnlyList<ModelCapability> OfGo(string template)
    {
        ChatFormat format;
        try
        {
            format = ChatFormat.FromGo(template);
        }
        catch (TemplateException)
        {
            return [];
        }

        return
        [
            .. format.SupportsTools ? [ModelCapability.Tools] : Array.Empty<ModelCapability>(),
            .. format.SupportsInsert ? [ModelCapability.Insert] : Array.Empty<ModelCapability>(),
            .. format.SupportsThinking ? [ModelCapability.Thinking] : Array.Empty<ModelCapability>(),
        ];
    }

    private static bool Has(string template, string text) => template.Contains(text, StringComparison.Ordinal);
}
