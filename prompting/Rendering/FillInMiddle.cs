namespace Ollama.Platform.Prompting.Rendering;

/// <summary>The prompt by which a model fills the gap between two texts.</summary>
public static class FillInMiddle
{
    /// <summary>
    /// Renders both sides of the gap between the model's own tokens; the model goes on with the middle.
    /// </summary>
    /// <param name="prefix">Text before the gap.</param>
    /// <param name="suffix">Text after the gap.</param>
    /// <param name="prefixToken">The token before the prefix.</param>
    /// <param name="suffixToken">The token before the suffix.</param>
    /// <param name="middleToken">The token after which the model writes.</param>
    public static string Render(
        string prefix, string suffix, string prefixToken, string suffixToken, string middleToken) =>
        string.Concat(string.Concat(prefixToken, prefix, suffixToken, suffix), middleToken);
}
