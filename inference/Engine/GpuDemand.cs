namespace Ollama.Platform.Inference.Engine;

/// <summary>What a model takes on GPUs when all of it is there.</summary>
/// <param name="TensorBytes">The weights.</param>
/// <param name="CacheBytes">Keys and values in the cache.</param>
/// <param name="LayerCount">Layers of the model.</param>
internal sealed record GpuDemand(long TensorBytes, long CacheBytes, int LayerCount);
