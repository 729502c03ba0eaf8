namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>A file is no GGUF file that can be served; the message is a sentence that says what was found.</summary>
public sealed class GgufException(string message) : Exception(message);
