using System.Runtime.InteropServices;
using System.Text;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Asks the NVIDIA driver through its own library, before anything of CUDA's runtime is opened.</summary>
/// <seealso href="https://docs.nvidia.com/cuda/cuda-driver-api/">CUDA driver API</seealso>
internal static unsafe class CudaDriverReader
{
    private const string File = "libcuda.so.1";
    private const int NameBytes = 256;

    // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR.
    private const int CapabilityMajor = 75;
    private const int CapabilityMinor = 76;

    /// <summary>Reads; null where the driver is missing or does not answer.</summary>
    public static CudaDriver? Read()
    {
        if (!NativeLibrary.TryLoad(File, out var library)
            || !NativeLibrary.TryGetExport(library, "cuInit", out var init)
            || !NativeLibrary.TryGetExport(library, "cuDriverGetVersion", out var getVersion)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGetCount", out var getCount))
        {
            return null;
        }

        int version;
        int count;
        if (((delegate* unmanaged[Cdecl]<uint, int>)init)(0) != 0
            || ((delegate* unmanaged[Cdecl]<int*, int>)getVersion)(&version) != 0
            || ((delegate* unmanaged[Cdecl]<int*, int>)getCount)(&count) != 0)
        {
            return null;
        }

        // 13010 is 13.1.
        var gpus = Enumerable.Range(0, count).Select(index => ReadGpu(library, index)).OfType<CudaGpu>();
        return new CudaDriver(new Version(version / 1000, version % 1000 / 10), [.. gpus]);
    }

    private static CudaGpu? ReadGpu(nint library, int index)
    {
        if (!NativeLibrary.TryGetExport(library, "cuDeviceGet", out var get)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGetName", out var getName)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGetAttribute", out var getAttribute))
        {
            return null;
        }

        var attribute = (delegate* unmanaged[Cdecl]<int*, int, int, int>)getAttribute;
        var name = stackalloc byte[NameBytes];
        int device;
        int major;
        int minor;
        return ((delegate* unmanaged[Cdecl]<int*, int, int>)get)(&device, index) == 0
            && ((delegate* unmanaged[Cdecl]<byte*, int, int, int>)getName)(name, NameBytes, device) == 0
            && attribute(&major, CapabilityMajor, device) == 0
            && attribute(&minor, CapabilityMinor, device) == 0
            ? new CudaGpu(
                Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)),
                new Version(major, minor))
            : null;
    }
}
