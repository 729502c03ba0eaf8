namespace Ollama.Platform.Inference.Runner;

/// <summary>Bytes that are no frame: the other end is broken or of another version.</summary>
internal sealed class RunnerProtocolException(string message) : Exception(message);
