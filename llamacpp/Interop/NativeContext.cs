using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Contexts: decoding, the KV cache and its state. Names and meanings are the header's.</summary>
internal static unsafe partial class NativeContext
{
    [LibraryImport(NativeLibraryName.Llama)]
    public static partial LlamaContextParams llama_context_default_params();

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial LlamaContextHandle llama_init_from_model(LlamaModelHandle model,
        LlamaContextParams parameters);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_free(nint context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial uint llama_n_ctx(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial uint llama_n_ctx_seq(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial uint llama_n_batch(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial uint llama_n_ubatch(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial uint llama_n_seq_max(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial LlamaPooling llama_pooling_type(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_get_memory(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_set_n_threads(LlamaContextHandle context, int threads, int threadsBatch);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_attach_threadpool(LlamaContextHandle context, nint threadpool,
        nint threadpoolBatch);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_detach_threadpool(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_set_adapters_lora(
        LlamaContextHandle context, nint* adapters, nuint adapterCount, float* scales);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_decode(LlamaContextHandle context, LlamaBatchArrays batch);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_encode(LlamaContextHandle context, LlamaBatchArrays batch);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_synchronize(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial float* llama_get_logits_ith(LlamaContextHandle context, int index);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial float* llama_get_embeddings_seq(LlamaContextHandle context, int sequence);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_memory_clear(nint memory, byte dataToo);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_memory_seq_rm(nint memory, int sequence, int from, int to);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_memory_seq_cp(nint memory, int source, int destination, int from, int to);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_memory_seq_add(nint memory, int sequence, int from, int to, int delta);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_memory_seq_pos_min(nint memory, int sequence);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_memory_seq_pos_max(nint memory, int sequence);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_memory_can_shift(nint memory);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nuint llama_state_seq_get_size(LlamaContextHandle context, int sequence);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nuint llama_state_seq_get_data(
        LlamaContextHandle context, byte* destination, nuint size, int sequence);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nuint llama_state_seq_set_data(
        LlamaContextHandle context, byte* source, nuint size, int sequence);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial LlamaPerformance llama_perf_context(LlamaContextHandle context);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_perf_context_reset(LlamaContextHandle context);
}
