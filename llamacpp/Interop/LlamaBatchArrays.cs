using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// <c>struct llama_batch</c>, passed by value; 56 bytes. The arrays belong to <see cref="LlamaBatch"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaBatchArrays
{
    public int n_tokens;
    public nint token;
    public nint embd;
    public nint pos;
    public nint n_seq_id;
    public nint seq_id;
    public nint logits;
}
