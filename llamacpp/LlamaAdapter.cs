using Ollama.Platform.LlamaCpp.Interop;
using Ollama.Platform.LlamaCpp.Loading;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp;

/// <summary>A LoRA adapter of a model. Dispose it after the contexts that use it.</summary>
public sealed class LlamaAdapter : IDisposable
{
    private LlamaAdapter(LlamaAdapterHandle handle, MemoryUse memory)
    {
        Handle = handle;
        Memory = memory;
    }

    /// <summary>Bytes of its tensors, by where they lie.</summary>
    public MemoryUse Memory { get; }

    internal LlamaAdapterHandle Handle { get; }

    /// <summary>Loads an adapter.</summary>
    /// <exception cref="LlamaLoadException">The file does not exist or does not fit the model.</exception>
    public static LlamaAdapter Load(LlamaModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new LlamaLoadException($"{path} does not exist.");
        }

        using var log = new LlamaLogCapture();
        var handle = NativeModel.llama_adapter_lora_init(model.Handle, path);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            throw new LlamaLoadException(log.DescribeErrors("the library gave no reason"));
        }

        handle.Hold(model.Handle);
        return new LlamaAdapter(handle, MemoryUse.Read(log.Lines));
    }

    /// <summary>Frees the adapter.</summary>
    public void Dispose() => Handle.Dispose();
}
