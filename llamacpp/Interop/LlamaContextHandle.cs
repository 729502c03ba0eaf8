using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Owns a <c>llama_context</c>, its thread pool and the flag that its abort callback reads.</summary>
internal sealed class LlamaContextHandle : SafeHandle
{
    private LlamaModelHandle? _model;
    private LlamaThreadpool? _threadpool;
    private LlamaContextHandle? _lender;

    // Rooted here, since native code holds its address as long as the context lives.
    private AbortFlag? _abort;

    public LlamaContextHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Its own thread pool; null without one.</summary>
    public LlamaThreadpool? Threadpool => _threadpool;

    /// <summary>Ties the lives of others to this one.</summary>
    public void Hold(LlamaModelHandle model, LlamaThreadpool? threadpool, AbortFlag abort)
    {
        var held = false;
        model.DangerousAddRef(ref held);
        _model = model;
        _threadpool = threadpool;
        _abort = abort;
    }

    /// <summary>Keeps the context alive whose thread pool this one uses.</summary>
    public void HoldLender(LlamaContextHandle lender)
    {
        var held = false;
        lender.DangerousAddRef(ref held);
        _lender = lender;
    }

    protected override bool ReleaseHandle()
    {
        NativeContext.llama_free(handle);
        _threadpool?.Free();
        _lender?.DangerousRelease();
        _model?.DangerousRelease();
        GC.KeepAlive(_abort);
        return true;
    }
}
