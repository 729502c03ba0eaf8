using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Owns a <c>llama_model</c>. Contexts and adapters hold a reference, so that it is freed after them.
/// </summary>
internal sealed class LlamaModelHandle : SafeHandle
{
    public LlamaModelHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeModel.llama_model_free(handle);
        NativeHeap.Trim();
        return true;
    }
}
