using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>The library's log callback.</summary>
internal static unsafe partial class NativeLog
{
    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* state);
}
