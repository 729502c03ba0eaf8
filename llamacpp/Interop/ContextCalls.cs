namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Calls about contexts, with managed arguments.</summary>
internal static unsafe class ContextCalls
{
    private const int FlashAttentionAuto = -1;

    /// <summary>Makes a context; the handle is invalid when that failed.</summary>
    public static LlamaContextHandle Create(LlamaModelHandle model, LlamaContextOptions options, AbortFlag abort)
    {
        var parameters = NativeContext.llama_context_default_params();
        parameters.n_ctx = (uint)options.CellCount;
        parameters.n_batch = (uint)options.BatchTokens;
        parameters.n_ubatch = (uint)options.MicroBatchTokens;
        parameters.n_seq_max = (uint)options.SequenceCount;
        parameters.n_outputs_max = (uint)options.OutputCount;
        parameters.n_threads = options.ThreadCount;
        parameters.n_threads_batch = options.ThreadCount;
        parameters.embeddings = (byte)(options.Embeddings ? 1 : 0);
        parameters.kv_unified = (byte)(options.CacheUnified ? 1 : 0);
        parameters.type_k = (int)options.CacheType;
        parameters.type_v = (int)options.CacheType;
        parameters.flash_attn_type = options.FlashAttention switch
        {
            null => FlashAttentionAuto,
            false => 0,
            true => 1,
        };
        parameters.rope_freq_base = options.RopeFrequencyBase;
        parameters.rope_freq_scale = options.RopeFrequencyScale;
        parameters.abort_callback = AbortFlag.Callback;
        parameters.abort_callback_data = abort.Address;
        return NativeContext.llama_init_from_model(model, parameters);
    }

    /// <summary>Scores after an entry of the last batch; empty when it was not marked as output.</summary>
    public static Span<float> ReadLogits(LlamaContextHandle context, int index, int count)
    {
        var logits = NativeContext.llama_get_logits_ith(context, index);
        return logits is null ? [] : new Span<float>(logits, count);
    }

    /// <summary>The pooled vector of a sequence; empty when there is none.</summary>
    public static ReadOnlySpan<float> ReadEmbedding(LlamaContextHandle context, int sequence, int count)
    {
        var embedding = NativeContext.llama_get_embeddings_seq(context, sequence);
        return embedding is null ? [] : new ReadOnlySpan<float>(embedding, count);
    }

    /// <summary>Replaces the adapters that the context uses.</summary>
    public static bool SetAdapters(LlamaContextHandle context, ReadOnlySpan<nint> adapters, ReadOnlySpan<float> scales)
    {
        fixed (nint* first = adapters)
        fixed (float* scale = scales)
        {
            return NativeContext.llama_set_adapters_lora(context, first, (nuint)adapters.Length, scale) == 0;
        }
    }

    /// <summary>Bytes of the state of a sequence.</summary>
    public static long CountStateBytes(LlamaContextHandle context, int sequence) =>
        (long)NativeContext.llama_state_seq_get_size(context, sequence);

    /// <summary>Copies the state of a sequence out; null when that failed or a span cannot hold it.</summary>
    public static NativeMemoryOwner? SaveState(LlamaContextHandle context, int sequence)
    {
        var count = CountStateBytes(context, sequence);
        if (count > int.MaxValue)
        {
            return null;
        }

        var state = new NativeMemoryOwner((int)count);
        fixed (byte* start = state.GetSpan())
        {
            if (NativeContext.llama_state_seq_get_data(context, start, (nuint)count, sequence) == (nuint)count)
            {
                return state;
            }
        }

        ((IDisposable)state).Dispose();
        return null;
    }

    /// <summary>Copies the state of a sequence in.</summary>
    public static bool LoadState(LlamaContextHandle context, int sequence, ReadOnlySpan<byte> state)
    {
        fixed (byte* start = state)
        {
            return NativeContext.llama_state_seq_set_data(context, start, (nuint)state.Length, sequence) > 0;
        }
    }
}
