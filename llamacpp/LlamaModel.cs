using System.Globalization;
using Ollama.Platform.LlamaCpp.Interop;
using Ollama.Platform.LlamaCpp.Loading;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp;

/// <summary>Weights in memory. Immutable and thread-safe; freed after the contexts and adapters made from it.</summary>
public sealed class LlamaModel : IDisposable
{
    private readonly LlamaModelHandle _handle;

    private LlamaModel(LlamaModelHandle handle, MemoryUse memory)
    {
        _handle = handle;
        Memory = memory;
        Metadata = ModelCalls.ReadMetadata(handle);
        Vocabulary = new LlamaVocabulary(handle);
    }

    /// <summary>Scalar metadata of the file as text.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Tokens and their texts.</summary>
    public LlamaVocabulary Vocabulary { get; }

    /// <summary>Bytes that the weights take, by where they lie.</summary>
    public MemoryUse Memory { get; }

    /// <summary>Architecture, parameter count and quantization, e.g. <c>llama ?B F16</c>.</summary>
    public string Description => ModelCalls.Describe(_handle);

    /// <summary>Name of the quantization, e.g. <c>Q4_K - Medium</c>.</summary>
    public string FileType => ModelCalls.DescribeFileType(_handle);

    /// <summary>Bytes of all tensors.</summary>
    public long TensorBytes => (long)NativeModel.llama_model_size(_handle);

    /// <summary>Number of parameters.</summary>
    public long ParameterCount => (long)NativeModel.llama_model_n_params(_handle);

    /// <summary>Context length that the model was trained with.</summary>
    public int ContextTokensTrained => NativeModel.llama_model_n_ctx_train(_handle);

    /// <summary>Number of layers.</summary>
    public int LayerCount => NativeModel.llama_model_n_layer(_handle);

    /// <summary>Bytes of keys and values that one cell of the cache takes, over all layers, at 16 bits each.</summary>
    public long CacheCellBytes
    {
        get
        {
            var heads = Math.Max(1, NativeModel.llama_model_n_head(_handle));
            // Key and value of one head are as wide as their share of the hidden state, unless the file says otherwise.
            var share = NativeModel.llama_model_n_embd(_handle) / heads;
            var width = ReadNumber("attention.key_length", share) + ReadNumber("attention.value_length", share);
            return (long)LayerCount * NativeModel.llama_model_n_head_kv(_handle) * width * 2;
        }
    }

    /// <summary>Components of an output vector.</summary>
    public int EmbeddingLength => NativeModel.llama_model_n_embd_out(_handle);

    /// <summary>Scores of a reranker for one sequence.</summary>
    public int ClassCount => (int)NativeModel.llama_model_n_cls_out(_handle);

    /// <summary>Needs its input encoded before decoding (T5 and the like).</summary>
    public bool HasEncoder => NativeModel.llama_model_has_encoder(_handle) != 0;

    /// <summary>Can decode.</summary>
    public bool HasDecoder => NativeModel.llama_model_has_decoder(_handle) != 0;

    /// <summary>Keeps a state that cannot be cut at a position (Mamba, RWKV), in all layers or in some.</summary>
    public bool HasRecurrentState =>
        NativeModel.llama_model_is_recurrent(_handle) != 0 || NativeModel.llama_model_is_hybrid(_handle) != 0;

    /// <summary>Tokens that some layers see back to; 0 when all see everything.</summary>
    public int WindowTokens => NativeModel.llama_model_n_swa(_handle);

    /// <summary>Generates by denoising and not token by token.</summary>
    public bool IsDiffusion => NativeModel.llama_model_is_diffusion(_handle) != 0;

    /// <summary>Tokens see only those before them; what generates must be so.</summary>
    public bool IsCausal =>
        !Metadata.TryGetValue("general.architecture", out var architecture)
        || !Metadata.TryGetValue($"{architecture}.attention.causal", out var causal)
        || causal != "false";

    /// <summary>Positions end before this: a table of learned positions is as long as the trained context.</summary>
    public int PositionsMax =>
        Metadata.TryGetValue("general.architecture", out var architecture)
        && architecture is "bert" or "gpt2" or "mpt" or "starcoder"
            ? Math.Max(1, ContextTokensTrained)
            : int.MaxValue;

    internal LlamaModelHandle Handle => _handle;

    /// <summary>Loads a GGUF file; blocks for seconds.</summary>
    /// <param name="library">The opened library.</param>
    /// <param name="path">A file that was validated before: the library trusts much of what it reads.</param>
    /// <param name="options">How to load.</param>
    /// <param name="progress">Receives 0–1 on this thread.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LlamaLoadException">The library refused; the message has its reason.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static LlamaModel Load(
        LlamaLibrary library,
        string path,
        LlamaModelOptions options,
        IProgress<float>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MainGpu ?? 0);
        cancellationToken.ThrowIfCancellationRequested();
        if (!File.Exists(path))
        {
            throw new LlamaLoadException($"{path} does not exist.");
        }

        using var load = new LoadProgress(progress, cancellationToken);
        using var log = new LlamaLogCapture();
        var handle = ModelCalls.Load(path, options, load);
        if (!handle.IsInvalid)
        {
            return new LlamaModel(handle, MemoryUse.Read(log.Lines));
        }

        handle.Dispose();
        cancellationToken.ThrowIfCancellationRequested();
        throw new LlamaLoadException(log.DescribeErrors("the library gave no reason"), load.Failure);
    }

    /// <summary>Frees the weights once nothing made from them is left.</summary>
    public void Dispose() => _handle.Dispose();

    private int ReadNumber(string key, int otherwise) =>
        Metadata.TryGetValue("general.architecture", out var architecture)
        && Metadata.TryGetValue($"{architecture}.{key}", out var text)
        && int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;
}
