using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Owns a chain of <c>llama_sampler</c>; a grammar in it reads the model's vocabulary.</summary>
internal sealed class LlamaSamplerHandle : SafeHandle
{
    private LlamaModelHandle? _model;

    public LlamaSamplerHandle()
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
        NativeSampling.llama_sampler_free(handle);
        _model?.DangerousRelease();
        return true;
    }
}
