using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Brings the library's log to <see cref="LlamaLog"/>.</summary>
internal static unsafe class LogCallback
{
    /// <summary>Replaces the library's writing to standard error.</summary>
    public static void Install() => NativeLog.llama_log_set(&Receive, null);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Receive(int level, byte* text, void* state)
    {
        try
        {
            LlamaLog.Append((LlamaLogLevel)level, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
        }
#pragma warning disable CA1031 // An exception must not unwind native frames; a lost log line is the smaller harm.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
