namespace Ollama.Platform.Prompting.Rendering.Known;

/// <summary>A Go template that is added to models whose own template writes the same prompts.</summary>
/// <param name="Name">The name that clients know it by.</param>
/// <param name="Text">The template.</param>
/// <param name="Stops">The stop sequences that go with it.</param>
public sealed record KnownTemplate(string Name, string Text, IReadOnlyList<string> Stops)
{
    /// <summary>The models have no place for a system text, so that theirs refuses one.</summary>
    internal bool RefusesSystem { get; init; }
}
