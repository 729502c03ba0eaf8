namespace Ollama.Platform.Prompting.Rendering;

/// <summary>What tells a call from an answer.</summary>
/// <param name="Open">What a call begins with.</param>
/// <param name="Close">What has to follow somewhere; null when it ends by itself.</param>
public sealed record CallMarks(string Open, string? Close);
