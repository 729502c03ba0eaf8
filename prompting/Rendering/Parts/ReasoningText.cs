namespace Ollama.Platform.Prompting.Rendering.Parts;

/// <summary>Separates reasoning that a client sent back inside an answer.</summary>
internal static class ReasoningText
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    /// <summary>Reasoning and answer of a text; the reasoning is null when the text holds none.</summary>
    public static (string? Thinking, string Answer) Split(string text)
    {
        var end = text.IndexOf(Close, StringComparison.Ordinal);
        if (end < 0)
        {
            return (null, text);
        }

        var thinking = text[..end];
        var start = thinking.LastIndexOf(Open, StringComparison.Ordinal);
        return (thinking[(start < 0 ? 0 : start + Open.Length)..].Trim(), text[(end + Close.Length)..]);
    }
}
