namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Keeps a model from being freed while a call reads it on another thread.</summary>
internal readonly ref struct ModelHold
{
    private readonly LlamaModelHandle _model;

    /// <exception cref="ObjectDisposedException">The model was freed before.</exception>
    public ModelHold(LlamaModelHandle model)
    {
        _model = model;
        var held = false;
        model.DangerousAddRef(ref held);
    }

    public void Dispose() => _model.DangerousRelease();
}
