namespace Ollama.Platform.LlamaCpp;

/// <summary>The library refused to load or convert something; the message is its last error line.</summary>
public sealed class LlamaLoadException(string message) : Exception(message);
