using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>The library's callbacks for its log and for its end.</summary>
internal static unsafe partial class NativeLog
{
    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* state);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint ggml_set_abort_callback(delegate* unmanaged[Cdecl]<byte*, void> callback);
}
