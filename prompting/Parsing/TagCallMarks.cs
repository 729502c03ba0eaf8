namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The marks of calls that are tags with a name, around tags with a name for each value.</summary>
/// <param name="CallOpen">What begins a call, in front of its name.</param>
/// <param name="CallClose">What ends it.</param>
/// <param name="ValueOpen">What begins a value, in front of its name.</param>
/// <param name="ValueClose">What ends it.</param>
internal sealed record TagCallMarks(string CallOpen, string CallClose, string ValueOpen, string ValueClose)
{
    /// <summary>
    /// Reads what stands between a mark that opens and the end of its tag: the name, and whether the model says that
    /// the value is JSON. Null where there is no name.
    /// </summary>
    public required Func<string, (string Name, bool IsJson)?> ReadTag { get; init; }

    /// <summary>A body holds one call; what follows is of no interest.</summary>
    public bool IsSingle { get; init; }

    /// <summary>Line feeds at the ends of a value are part of it.</summary>
    public bool KeepsLineFeeds { get; init; }
}
