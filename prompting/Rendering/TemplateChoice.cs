using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>
/// Decides which template is in effect where a model has a Go template and its GGUF file a Jinja one.
/// </summary>
public static class TemplateChoice
{
    /// <summary>
    /// Whether the Go template is in effect: unless the other one can do more, or does as much and alone writes tool
    /// results back.
    /// </summary>
    /// <param name="go">The Go template; null when there is none.</param>
    /// <param name="jinja">The Jinja template; null when there is none.</param>
    /// <param name="setting">True for always, false for never; null decides by the templates.</param>
    public static bool TakesGo(string? go, string? jinja, bool? setting)
    {
        if (go is null || jinja is null)
        {
            return go is not null;
        }

        // The family's own layer is what its makers publish; whoever has it has always been served with it.
        return HarmonyOutputFormat.IsWrittenBy(go) || (setting ?? Compares(go, jinja));
    }

    private static bool Compares(string go, string jinja)
    {
        ChatFormat ours;
        try
        {
            ours = ChatFormat.FromGo(go);
        }
        catch (TemplateException)
        {
            // Whoever made the model wants to learn of it.
            return true;
        }

        ChatFormat theirs;
        try
        {
            theirs = ChatFormat.FromJinja(jinja);
        }
        catch (TemplateException)
        {
            return true;
        }

        if (ours.WritesToolResults && !theirs.WritesToolResults)
        {
            return true;
        }

        var (mine, other) = (AbilityCount(ours), AbilityCount(theirs));
        return mine > other || (mine == other && (ours.WritesToolResults || !theirs.WritesToolResults));
    }

    private static int AbilityCount(ChatFormat format) =>
        (format.SupportsTools ? 1 : 0) + (format.SupportsThinking ? 1 : 0);
}
