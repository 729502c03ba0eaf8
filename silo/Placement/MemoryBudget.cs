using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Silo.Placement;

/// <summary>
/// How much memory is there for models: that of the GPUs, or the machine's where there is none. Pure.
/// </summary>
/// <param name="FreeBytes">Free now.</param>
/// <param name="GpuTotalBytes">Memory of all GPUs; 0 without one.</param>
/// <param name="GpuCount">Number of GPUs.</param>
internal sealed record MemoryBudget(long FreeBytes, long GpuTotalBytes, int GpuCount)
{
    private const int LoadedModelsPerDevice = 3;

    // The rest is for what estimates miss: fragmentation, other processes, growing buffers.
    private const double UsableShare = 0.8;

    /// <summary>What a load may take.</summary>
    public long UsableBytes => (long)(FreeBytes * UsableShare);

    /// <summary>Models loaded at a time where nobody set a number.</summary>
    public int LoadedModelCountMax => LoadedModelsPerDevice * Math.Max(GpuCount, 1);

    /// <summary>Adds up the devices.</summary>
    /// <param name="devices">CPU and GPUs.</param>
    /// <param name="gpusUsed">False for a model that stays off the GPUs.</param>
    /// <param name="gpuOverheadBytes">Memory of each GPU that is left to others.</param>
    public static MemoryBudget Of(
        IReadOnlyList<DeviceDescription> devices, bool gpusUsed, long gpuOverheadBytes = 0)
    {
        var gpus = devices.Where(device => device.IsGpu && gpusUsed).ToArray();
        return gpus.Length > 0
            ? new MemoryBudget(
                gpus.Sum(gpu => Math.Max(gpu.FreeBytes - gpuOverheadBytes, 0)),
                gpus.Sum(gpu => gpu.TotalBytes),
                gpus.Length)
            : new MemoryBudget(devices.Where(device => !device.IsGpu).Sum(device => device.FreeBytes), 0, 0);
    }
}
