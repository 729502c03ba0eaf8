namespace Ollama.Platform.LlamaCpp.Logging;

/// <summary>One whole line of the library's log.</summary>
/// <param name="Level">How important it is; never a continuation.</param>
/// <param name="Text">The line without its end.</param>
public readonly record struct LlamaLogLine(LlamaLogLevel Level, string Text);
