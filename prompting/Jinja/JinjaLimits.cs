using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Jinja;

/// <summary>
/// What a template may use up. A template comes from whoever made the model file, so each limit bounds time or memory.
/// </summary>
internal sealed record JinjaLimits
{
    /// <summary>
    /// Generous for real templates: a conversation of a thousand messages takes some hundred thousand.
    /// </summary>
    public static JinjaLimits Default { get; } = new();

    /// <summary>Evaluated nodes, loop rounds and items touched by built-ins; about a second of work.</summary>
    public long StepsMax { get; init; } = 5_000_000;

    /// <summary>Characters of the result, and of any one text on the way.</summary>
    public long OutputCharactersMax { get; init; } = ChatFormat.TextLengthMax;

    /// <summary>Characters of all texts made on the way, together; bounds memory (two bytes each).</summary>
    public long TextCharactersMax { get; init; } = 128L << 20;

    /// <summary>Macro calls within macro calls.</summary>
    public int CallDepthMax { get; init; } = 100;
}
