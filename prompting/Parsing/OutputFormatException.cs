namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The model's output broke the syntax of its own tool calls.</summary>
public sealed class OutputFormatException(string message) : Exception(message);
