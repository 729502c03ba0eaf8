using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Reads the registry of devices.</summary>
internal static unsafe class Devices
{
    private const int TypeGpu = 1;
    private const int TypeIntegratedGpu = 2;

    public static IReadOnlyList<LlamaDevice> List()
    {
        var devices = new LlamaDevice[(int)NativeMethods.ggml_backend_dev_count()];
        for (var index = 0; index < devices.Length; index++)
        {
            GgmlDeviceProps props;
            NativeMethods.ggml_backend_dev_get_props(NativeMethods.ggml_backend_dev_get((nuint)index), &props);
            devices[index] = new LlamaDevice(
                Marshal.PtrToStringUTF8((nint)props.Name) ?? "",
                Marshal.PtrToStringUTF8((nint)props.Description) ?? "",
                props.Type is TypeGpu or TypeIntegratedGpu,
                (long)props.MemoryFree,
                (long)props.MemoryTotal);
        }

        return devices;
    }
}
