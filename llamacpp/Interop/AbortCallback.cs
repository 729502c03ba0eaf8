using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Writes to standard error why the library ends the process. It names the place alone, and the errors before it would
/// wait in a queue for a writer that never comes.
/// </summary>
internal static unsafe class AbortCallback
{
    private const int StandardError = 2;

    /// <summary>Replaces the library's own line.</summary>
    public static void Install() => NativeLog.ggml_set_abort_callback(&Receive);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Receive(byte* message)
    {
        try
        {
            using var errors = new FileStream(
                new SafeFileHandle(StandardError, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            errors.Write(Encoding.UTF8.GetBytes(LlamaLog.DescribeAbort(NativeText.Read(message)) + "\n"));
        }
#pragma warning disable CA1031 // The process ends in any case; an exception must not unwind native frames.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
