using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Start-up, the registry of backends and their devices, thread pools. Names and meanings are the header's.
/// </summary>
internal static unsafe partial class NativeBackend
{
    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_backend_init();

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte* llama_print_system_info();

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_supports_gpu_offload();

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nuint llama_max_parallel_sequences();

    [LibraryImport(NativeLibraryName.Llama, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ggml_backend_load(string path);

    [LibraryImport(NativeLibraryName.Llama, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ggml_backend_load_all_from_path(string directory);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nuint ggml_backend_dev_count();

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint ggml_backend_dev_get(nuint index);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint ggml_backend_dev_by_type(GgmlDeviceType type);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void ggml_backend_dev_get_props(nint device, GgmlDeviceProperties* properties);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint ggml_backend_dev_backend_reg(nint device);

    [LibraryImport(NativeLibraryName.Llama, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ggml_backend_reg_get_proc_address(nint registration, string name);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void ggml_threadpool_params_init(GgmlThreadpoolParams* parameters, int n_threads);
}
