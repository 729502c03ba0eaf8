using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary><c>llama_token_data_array</c>; 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LlamaCandidateArray
{
    public LlamaCandidate* data;
    public nuint size;
    public long selected;
    public byte sorted;
}
