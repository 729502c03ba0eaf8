namespace Ollama.Platform.Prompting.Rendering;

/// <summary>Checks a Go template before it becomes part of a model.</summary>
public static class TemplateCheck
{
    /// <summary>What is wrong with the template, in Go's words; null when it parses.</summary>
    public static string? FindFailure(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        try
        {
            ChatFormat.FromGo(template);
            return null;
        }
        catch (TemplateException failure)
        {
            return failure.Message;
        }
    }
}
