using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Owns a <c>llama_adapter_lora</c>, which must be freed before its model.</summary>
internal sealed class LlamaAdapterHandle : SafeHandle
{
    private LlamaModelHandle? _model;

    public LlamaAdapterHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Keeps the model alive as long as this.</summary>
    public void Hold(LlamaModelHandle model)
    {
        var held = false;
        model.DangerousAddRef(ref held);
        _model = model;
    }

    protected override bool ReleaseHandle()
    {
        NativeModel.llama_adapter_lora_free(handle);
        _model?.DangerousRelease();
        return true;
    }
}
