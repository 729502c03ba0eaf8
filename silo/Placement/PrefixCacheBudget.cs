using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Silo.Placement;

/// <summary>Decides how much RAM a loaded model has for prompts without a slot. Pure.</summary>
internal static class PrefixCacheBudget
{
    private const long MebibyteBytes = 1 << 20;
    private const long AutomaticMaxBytes = 2048 * MebibyteBytes;
    private const int AutomaticDivisor = 16;

    /// <summary>The budget in bytes.</summary>
    /// <param name="configured">The operator's number of MiB; negative for automatic.</param>
    /// <param name="devices">The machine's devices; those that are no GPU have its RAM.</param>
    public static long Choose(int configured, IReadOnlyList<DeviceDescription> devices) => configured >= 0
        ? configured * MebibyteBytes
        : Math.Min(
            AutomaticMaxBytes,
            devices.Where(device => !device.IsGpu).Select(device => device.TotalBytes).DefaultIfEmpty().Max()
                / AutomaticDivisor);
}
