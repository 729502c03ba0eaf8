namespace Ollama.Platform.Inference.Engine;

/// <summary>What loaded adapters take.</summary>
/// <param name="TotalBytes">Bytes on all devices.</param>
/// <param name="VramBytes">The share of them on GPUs.</param>
public readonly record struct AdapterBytes(long TotalBytes, long VramBytes);
