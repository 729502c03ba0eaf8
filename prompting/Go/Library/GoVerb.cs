namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>One placeholder of a format.</summary>
/// <param name="Letter">The verb, e.g. <c>s</c>.</param>
internal readonly record struct GoVerb(char Letter)
{
    /// <summary>How any value prints when nothing else is said.</summary>
    public static GoVerb Default { get; } = new('v');

    /// <summary>Least number of characters; null for none.</summary>
    public int? Width { get; init; }

    /// <summary>Digits behind the point, or most characters; null when not given.</summary>
    public int? Precision { get; init; }

    public bool Minus { get; init; }

    public bool Plus { get; init; }

    public bool Sharp { get; init; }

    public bool Space { get; init; }

    public bool Zero { get; init; }
}
