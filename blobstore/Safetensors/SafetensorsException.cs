namespace Ollama.Platform.BlobStore.Safetensors;

/// <summary>A file is no usable safetensors file; the message is a sentence that says what was found.</summary>
public sealed class SafetensorsException(string message) : Exception(message);
