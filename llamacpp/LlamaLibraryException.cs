namespace Ollama.Platform.LlamaCpp;

/// <summary>The native library cannot be used; the message says why.</summary>
public sealed class LlamaLibraryException(string message, Exception? cause = null)
    : DllNotFoundException(message, cause);
