namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// Which GPUs hold a model and how many of its layers; pure. The native library would place all layers on all GPUs, or
/// fail.
/// </summary>
/// <param name="LayerCount">Layers on GPUs; <see cref="All"/> for all.</param>
/// <param name="MainGpu">The GPU that holds everything, or what cannot be split; null for the first.</param>
/// <param name="IsSplit">Layers are spread over all GPUs, by what is free on each.</param>
internal sealed record GpuPlan(int LayerCount, int? MainGpu, bool IsSplit)
{
    // Compute buffers, the driver's context and fragmentation; what a 512-token batch of a usual model takes and more.
    private const long ReservedBytes = 768L << 20;

    /// <summary>The library's word for all layers, and the user's for as many as fit.</summary>
    public const int All = -1;

    /// <summary>Chooses: one GPU where the model fits onto one, since every border between two costs time.</summary>
    /// <param name="freeBytes">Memory that is free on each GPU; at least one.</param>
    /// <param name="model">What the model takes.</param>
    /// <param name="wanted">What the user asked for.</param>
    public static GpuPlan Choose(IReadOnlyList<long> freeBytes, GpuDemand model, LoadSpecification wanted)
    {
        long[] room = [.. freeBytes.Select(free => Math.Max(0, free - ReservedBytes - wanted.GpuOverheadBytes))];
        var single = wanted.MainGpu ?? Array.IndexOf(room, room.Max());
        var isSplit = room.Length > 1
            && (wanted.GpusSpread || (wanted.MainGpu is null && !Fits(room[single], model, wanted.GpuLayerCount)));
        var layers = CountLayers(isSplit ? room.Sum() : room[single], model, wanted.GpuLayerCount);
        return new GpuPlan(layers, isSplit ? wanted.MainGpu : single, isSplit);
    }

    private static bool Fits(long room, GpuDemand model, int wanted) =>
        CountLayers(room, model, All) is var fitting && (fitting == All || (wanted >= 0 && wanted <= fitting));

    private static int CountLayers(long room, GpuDemand model, int wanted)
    {
        // A number that the user gave is tried as it is.
        if (wanted >= 0)
        {
            return wanted;
        }

        // The output layer counts as one more; weights and cache are spread evenly enough over the layers.
        var needed = model.TensorBytes + model.CacheBytes;
        var layers = Math.Max(1, model.LayerCount) + 1;
        return needed <= room ? All : (int)Math.Clamp((double)layers * room / needed, 0, layers - 1);
    }
}
