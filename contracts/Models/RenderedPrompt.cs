namespace Ollama.Platform.Contracts.Models;

/// <summary>A prompt as the model would read it.</summary>
/// <param name="Text">The rendered text.</param>
/// <param name="ImageCount">Number of images that it refers to.</param>
public sealed record RenderedPrompt(string Text, int ImageCount);
