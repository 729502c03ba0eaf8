namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>A free text in front of what a grammar describes, as reasoning is in front of an answer.</summary>
/// <param name="Open">
/// What the free text begins with; without it the grammar applies at once. Null when the text is free in any case.
/// </param>
/// <param name="Close">What the free text ends with; not empty.</param>
internal sealed record GrammarStart(string? Open, string Close);
