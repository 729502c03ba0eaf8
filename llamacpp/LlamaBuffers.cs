using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// What a load allocates, taken from the library's own report of its buffers, since its API does not tell. Watches the
/// thread that made it until it is disposed.
/// </summary>
public sealed class LlamaBuffers : IDisposable
{
    private LlamaBuffers()
    {
    }

    /// <summary>Bytes of all buffers: weights, KV cache, compute, output.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>The share of <see cref="TotalBytes"/> that lies on GPUs.</summary>
    public long GpuBytes { get; private set; }

    /// <summary>Begins to watch this thread.</summary>
    public static LlamaBuffers Watch()
    {
        var buffers = new LlamaBuffers();
        NativeLog.Listener = buffers.Read;
        return buffers;
    }

    /// <inheritdoc/>
    public void Dispose() => NativeLog.Listener = null;

    /// <summary>Reads a line such as <c>load_tensors:  CPU_Mapped model buffer size =   5.25 MiB</c>.</summary>
    internal void Read(string line)
    {
        const string Marker = "buffer size =";
        var marker = line.IndexOf(Marker, StringComparison.Ordinal);
        var unit = line.IndexOf("MiB", StringComparison.Ordinal);
        if (marker < 0 || unit < marker
            || !double.TryParse(
                line.AsSpan((marker + Marker.Length)..unit), System.Globalization.CultureInfo.InvariantCulture, out var size))
        {
            return;
        }

        var bytes = (long)(size * 1024 * 1024);
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var device = line.AsSpan((colon + 1)..marker).TrimStart();
        TotalBytes += bytes;
        GpuBytes += device.StartsWith("CUDA", StringComparison.Ordinal) && !device.StartsWith("CUDA_Host")
            || (device.StartsWith("Vulkan", StringComparison.Ordinal) && !device.StartsWith("Vulkan_Host")) ? bytes : 0;
    }
}
