namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>The native library cannot be used; the message says which file or check failed.</summary>
public sealed class LlamaLibraryException(string message, Exception? cause = null) : Exception(message, cause);
