namespace Ollama.Platform.Prompting.Rendering;

/// <summary>What tells a call from an answer.</summary>
/// <param name="Open">What a call begins with.</param>
/// <param name="Close">What has to follow; null when it ends by itself.</param>
public sealed record CallMarks(string Open, string? Close)
{
    /// <summary>Between the two stands <c>{"name":…,"arguments":{…}}</c>.</summary>
    public bool IsJson { get; init; }
}
