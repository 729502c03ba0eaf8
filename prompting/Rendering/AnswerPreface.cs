namespace Ollama.Platform.Prompting.Rendering;

/// <summary>Reasoning that a model may write before its answer.</summary>
/// <param name="Open">What it begins with; null when the prompt has begun it.</param>
/// <param name="Close">What it ends with.</param>
public sealed record AnswerPreface(string? Open, string Close);
