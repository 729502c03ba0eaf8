namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>A GPU backend, and what it needs from the machine.</summary>
/// <param name="Name">Name of its folder and of the build property that fetches it.</param>
/// <param name="Module">The backend's file.</param>
/// <param name="DriverName">What the driver is called in reports.</param>
/// <param name="DriverFile">A file that the driver installs.</param>
/// <param name="RuntimeName">What the runtime is called in reports.</param>
/// <param name="RuntimeFiles">Files that the module links against and that its package does not have.</param>
/// <param name="Code">What its kernels are compiled to; null where the driver compiles all of them.</param>
internal sealed record GpuVariant(
    string Name,
    string Module,
    string DriverName,
    string DriverFile,
    string RuntimeName,
    IReadOnlyList<string> RuntimeFiles,
    CudaCode? Code)
{
    /// <summary>All that the build can fetch, the most wanted first.</summary>
    public static IReadOnlyList<GpuVariant> All { get; } =
    [
        Cuda(13, new CudaCode(new(13, 1), [new(8, 6), new(8, 9), new(12, 0), new(12, 1)], new(7, 5))),
        Cuda(12, new CudaCode(new(12, 4), [new(8, 6)], new(5, 0))),
        new("vulkan", "libggml-vulkan.so", "Vulkan loader", "libvulkan.so.1", "Vulkan runtime", [], null),
    ];

    // What the pinned packages hold, read from the sections of their kernels.
    private static GpuVariant Cuda(int major, CudaCode code) => new(
        $"cuda{major}",
        "libggml-cuda.so",
        "NVIDIA driver",
        "libcuda.so.1",
        $"CUDA {major} runtime",
        [$"libcudart.so.{major}", $"libcublasLt.so.{major}", $"libcublas.so.{major}"],
        code);
}
