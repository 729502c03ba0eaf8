using System.Globalization;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp;

/// <summary>Bytes of buffers, by where they lie.</summary>
/// <param name="HostBytes">In the memory of the machine, mapped files included.</param>
/// <param name="GpuBytes">In the memory of GPUs.</param>
/// <remarks>
/// The library has no C function for this; it logs each buffer that it makes
/// (<c>load_tensors: CPU_Mapped model buffer size = 5.29 MiB</c>), to a hundredth of a MiB.
/// </remarks>
public readonly record struct MemoryUse(long HostBytes, long GpuBytes)
{
    private const string Marker = " buffer size = ";
    private const double MebibyteBytes = 1024 * 1024;

    /// <summary>Both together.</summary>
    public long TotalBytes => HostBytes + GpuBytes;

    /// <summary>Adds two.</summary>
    public static MemoryUse operator +(MemoryUse left, MemoryUse right) => Add(left, right);

    /// <summary>Adds two.</summary>
    public static MemoryUse Add(MemoryUse left, MemoryUse right) =>
        new(left.HostBytes + right.HostBytes, left.GpuBytes + right.GpuBytes);

    /// <summary>Sums the buffers that the lines report.</summary>
    internal static MemoryUse Read(IEnumerable<LlamaLogLine> lines)
    {
        var use = default(MemoryUse);
        foreach (var line in lines)
        {
            use += Read(line.Text);
        }

        return use;
    }

    private static MemoryUse Read(ReadOnlySpan<char> line)
    {
        var marker = line.IndexOf(Marker, StringComparison.Ordinal);
        if (marker < 0)
        {
            return default;
        }

        var size = line[(marker + Marker.Length)..].Trim();
        var unit = size.IndexOf(" MiB", StringComparison.Ordinal);
        if (unit < 0 || !double.TryParse(size[..unit], CultureInfo.InvariantCulture, out var mebibytes)
            || mebibytes < 0)
        {
            return default;
        }

        var bytes = (long)(mebibytes * MebibyteBytes);
        return IsHost(line[..marker]) ? new MemoryUse(bytes, 0) : new MemoryUse(0, bytes);
    }

    // "load_tensors:   CPU_Mapped model": the word after the function is the buffer's name. CPU, CPU_Mapped, CPU_REPACK
    // and the pinned CUDA_Host lie in host memory, CUDA0 and Vulkan1 do not.
    private static bool IsHost(ReadOnlySpan<char> beforeMarker)
    {
        var colon = beforeMarker.IndexOf(':');
        var name = beforeMarker[(colon + 1)..].Trim();
        var space = name.IndexOf(' ');
        name = space < 0 ? name : name[..space];
        return name.StartsWith("CPU", StringComparison.Ordinal)
            || name.EndsWith("_Host", StringComparison.Ordinal)
            || name.StartsWith("BLAS", StringComparison.Ordinal)
            || name.StartsWith("AMX", StringComparison.Ordinal);
    }
}
