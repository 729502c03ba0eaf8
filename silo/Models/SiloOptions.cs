using Ollama.Platform.Contracts.Cluster;

namespace Ollama.Platform.Silo.Models;

/// <summary>How a silo keeps models. Times that are negative mean for ever.</summary>
public sealed class SiloOptions
{
    /// <summary>How long an idle model stays loaded; 0 unloads at once (OLLAMA_KEEP_ALIVE).</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Sequences decoded together per model; 0 as many as memory allows, up to 16 (OLLAMA_NUM_PARALLEL).
    /// </summary>
    public int SlotCount { get; set; }

    /// <summary>Models loaded at a time; 0 for 3 per GPU, 3 without one (OLLAMA_MAX_LOADED_MODELS).</summary>
    public int LoadedModelCountMax { get; set; }

    /// <summary>Requests that may wait for a load, of all models together (OLLAMA_MAX_QUEUE).</summary>
    public int QueueLengthMax { get; set; } = 512;

    /// <summary>
    /// Requests that may wait for a slot of one loaded model; never below <see cref="QueueLengthMax"/>.
    /// </summary>
    public int SlotQueueLengthMax { get; set; } = 4096;

    /// <summary>
    /// Context length of a request that states none; 0 by the memory of the GPUs (OLLAMA_CONTEXT_LENGTH).
    /// </summary>
    public int ContextTokens { get; set; }

    /// <summary>
    /// How keys and values are kept, where model and attention allow it; 16-bit floats otherwise
    /// (OLLAMA_KV_CACHE_TYPE).
    /// </summary>
    public KeyValueType KeyValueType { get; set; }

    /// <summary>Computes attention in one piece; null leaves it to the engine (OLLAMA_FLASH_ATTENTION).</summary>
    public bool? FlashAttention { get; set; }

    /// <summary>
    /// One KV cache for all sequences of a model, or one for each; null for what is faster there
    /// (OLLAMA_KV_UNIFIED).
    /// </summary>
    public bool? CacheUnified { get; set; }

    /// <summary>Uses all GPUs for a model that one could hold (OLLAMA_SCHED_SPREAD).</summary>
    public bool GpusSpread { get; set; }

    /// <summary>Memory of each GPU that is left to others (OLLAMA_GPU_OVERHEAD).</summary>
    public long GpuOverheadBytes { get; set; }

    /// <summary>How long a load may make no progress; 0 or less for ever (OLLAMA_LOAD_TIMEOUT).</summary>
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the prompt of one request may hold up the next token of another; 0 or less for ever
    /// (OLLAMA_TOKEN_DELAY_MAX).
    /// </summary>
    public TimeSpan TokenDelayMax { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// RAM of each loaded model for prompts that have no slot any more, in MiB; 0 keeps none, negative takes a
    /// sixteenth of the machine's memory, at most 2048 (OLLAMA_PREFIX_CACHE_MIB).
    /// </summary>
    public int PrefixCacheMebibytes { get; set; } = -1;

    /// <summary>How long running requests may go on when the host stops.</summary>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(20);
}
