namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>
/// Weights, an adapter or a context could not be made; the message has the library's own error lines.
/// </summary>
public sealed class LlamaLoadException(string message, Exception? cause = null) : Exception(message, cause);
