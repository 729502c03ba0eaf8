namespace Ollama.Platform.Inference.Engine;

/// <summary>How many layers of a model fit onto the GPUs; pure. The native library would place all or fail.</summary>
internal static class GpuLayerPlan
{
    // Compute buffers, the driver's context and fragmentation; what a 512-token batch of a usual model takes and more.
    private const long ReservedBytes = 768L << 20;

    /// <summary>The library's word for all layers.</summary>
    public const int All = -1;

    /// <summary>Chooses.</summary>
    /// <param name="freeBytes">Memory that is free on all GPUs together.</param>
    /// <param name="tensorBytes">Bytes of the weights.</param>
    /// <param name="cacheBytes">Bytes of keys and values in the cache.</param>
    /// <param name="layerCount">Layers of the model.</param>
    /// <returns><see cref="All"/> when everything fits, else the number of layers that do.</returns>
    public static int Choose(long freeBytes, long tensorBytes, long cacheBytes, int layerCount)
    {
        var room = Math.Max(0, freeBytes - ReservedBytes);
        var wanted = tensorBytes + cacheBytes;
        if (wanted <= room)
        {
            return All;
        }

        // The output layer counts as one more; weights and cache are spread evenly enough over the layers.
        var layers = Math.Max(1, layerCount) + 1;
        return (int)Math.Clamp((double)layers * room / wanted, 0, layers - 1);
    }
}
