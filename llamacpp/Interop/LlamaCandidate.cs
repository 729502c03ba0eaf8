using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary><c>llama_token_data</c>; 12 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaCandidate
{
    public int id;
    public float logit;
    public float p;
}
