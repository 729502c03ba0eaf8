using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.LlamaCpp;

/// <summary>Loaded weights; any number of contexts may share them. Disposing waits for the contexts.</summary>
public sealed class LlamaModel : IDisposable
{
    private readonly LlamaModelHandle _handle;

    internal LlamaModel(LlamaModelHandle handle)
    {
        _handle = handle;
        Vocabulary = new LlamaVocabulary(handle);
        ContextTokensTrained = NativeMethods.llama_model_n_ctx_train(handle.Pointer);
        EmbeddingLength = NativeMethods.llama_model_n_embd_out(handle.Pointer);
        TotalBytes = (long)NativeMethods.llama_model_size(handle.Pointer);
        HasDecoder = NativeMethods.llama_model_has_decoder(handle.Pointer);
        HasEncoder = NativeMethods.llama_model_has_encoder(handle.Pointer);
        IsRecurrent = NativeMethods.llama_model_is_recurrent(handle.Pointer)
            || NativeMethods.llama_model_is_hybrid(handle.Pointer);
    }

    /// <summary>Text to tokens and back.</summary>
    public LlamaVocabulary Vocabulary { get; }

    /// <summary>Context length that the model was trained with, in tokens.</summary>
    public int ContextTokensTrained { get; }

    /// <summary>Length of an embedding.</summary>
    public int EmbeddingLength { get; }

    /// <summary>Bytes of all tensors.</summary>
    public long TotalBytes { get; }

    /// <summary>The model produces tokens.</summary>
    public bool HasDecoder { get; }

    /// <summary>The model reads its input in a pass of its own.</summary>
    public bool HasEncoder { get; }

    /// <summary>The model keeps a recurrent state, which cannot be cut at any position.</summary>
    public bool IsRecurrent { get; }

    /// <summary>Makes a context over the weights.</summary>
    /// <exception cref="LlamaLoadException">The library refused, for lack of memory for instance.</exception>
    public LlamaContext CreateContext(LlamaContextOptions options) =>
        new(LlamaContextHandle.Create(_handle, options), Vocabulary.TokenCount, EmbeddingLength);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
