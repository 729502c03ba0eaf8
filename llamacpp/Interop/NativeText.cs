using System.Runtime.InteropServices;
using System.Text;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Text in native memory.</summary>
internal static unsafe class NativeText
{
    /// <summary>The text at a zero-terminated address; empty for null.</summary>
    public static string Read(byte* text) =>
        text is null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
