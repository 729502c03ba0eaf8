namespace Ollama.Platform.Prompting.Rendering.Parts;

/// <summary>
/// How a family's prompts write JSON. Models see the difference, so each family keeps the one it knows.
/// </summary>
/// <param name="Spaced">A space follows each comma and colon.</param>
/// <param name="HtmlSafe">Angle brackets and ampersands are escaped, as Go does it.</param>
/// <param name="IndentWidth">Spaces for each level; 0 for everything on one line.</param>
internal sealed record JsonStyle(bool Spaced, bool HtmlSafe, int IndentWidth = 0)
{
    /// <summary>Go's own form: nothing between the parts, safe inside HTML.</summary>
    public static JsonStyle Compact { get; } = new(Spaced: false, HtmlSafe: true);

    /// <summary>As <see cref="Compact"/>, with spaces.</summary>
    public static JsonStyle Spacious { get; } = new(Spaced: true, HtmlSafe: true);

    /// <summary>Python's form: spaces, and nothing escaped for HTML.</summary>
    public static JsonStyle Python { get; } = new(Spaced: true, HtmlSafe: false);

    /// <summary>Four spaces for each level.</summary>
    public static JsonStyle Indented { get; } = new(Spaced: true, HtmlSafe: true, IndentWidth: 4);
}
