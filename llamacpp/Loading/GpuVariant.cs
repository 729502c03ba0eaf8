namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>A GPU backend, and what it needs from the machine.</summary>
/// <param name="Name">Name of its folder and of the build property that fetches it.</param>
/// <param name="Module">The backend's file.</param>
/// <param name="DriverName">What the driver is called in reports.</param>
/// <param name="DriverFile">A file that the driver installs.</param>
/// <param name="RuntimeName">What the runtime is called in reports.</param>
/// <param name="RuntimeFiles">Files that the module links against and that its package does not have.</param>
internal sealed record GpuVariant(
    string Name,
    string Module,
    string DriverName,
    string DriverFile,
    string RuntimeName,
    IReadOnlyList<string> RuntimeFiles)
{
    /// <summary>All that the build can fetch, the most wanted first.</summary>
    public static IReadOnlyList<GpuVariant> All { get; } =
    [
        Cuda(13),
        Cuda(12),
        new("vulkan", "libggml-vulkan.so", "Vulkan loader", "libvulkan.so.1", "Vulkan runtime", []),
    ];

    private static GpuVariant Cuda(int major) => new(
        $"cuda{major}",
        "libggml-cuda.so",
        "NVIDIA driver",
        "libcuda.so.1",
        $"CUDA {major} runtime",
        [$"libcudart.so.{major}", $"libcublasLt.so.{major}", $"libcublas.so.{major}"]);
}
