using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>The process's environment as native code sees it; .NET's setters change a copy of their own.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Keeps a failed assertion from forking a debugger, which would stop the process for seconds.</summary>
    public static void DisableBacktraces() => _ = setenv("GGML_NO_BACKTRACE", "1", 1);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
