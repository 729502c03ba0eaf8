using System.Net;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Host.Options;

/// <summary>
/// All settings of one process, read once from the environment and checked. See docs/operations/settings.md.
/// </summary>
internal sealed record ServerOptions
{
    /// <summary>Where to listen (<c>OLLAMA_HOST</c>).</summary>
    public ListenAddress Listen { get; init; } = ListenAddress.Default;

    /// <summary>Serves Olla's routes, too (<c>OLLAMA_OLLA</c>).</summary>
    public bool Olla { get; init; }

    /// <summary>
    /// Where to listen besides, for clients that expect Olla's port; null for nowhere (<c>OLLAMA_OLLA_HOST</c>).
    /// </summary>
    public ListenAddress? OllaListen { get; init; }

    /// <summary>
    /// Proxies that are believed where requests come from (<c>OLLAMA_TRUSTED_PROXIES</c>).
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>The store's folder (<c>OLLAMA_MODELS</c>).</summary>
    public required string ModelsDirectory { get; init; }

    /// <summary>Removes blobs that no model needs (<c>OLLAMA_NOPRUNE</c> turns it off).</summary>
    public bool Prunes { get; init; } = true;

    /// <summary>How long an idle model stays loaded; infinite for ever (<c>OLLAMA_KEEP_ALIVE</c>).</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a load may make no progress; infinite for no limit (<c>OLLAMA_LOAD_TIMEOUT</c>).
    /// </summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Sequences decoded together by one model; 0 decides by memory (<c>OLLAMA_NUM_PARALLEL</c>).</summary>
    public int NumParallel { get; init; }

    /// <summary>Models loaded at once; 0 decides by devices (<c>OLLAMA_MAX_LOADED_MODELS</c>).</summary>
    public int MaxLoadedModels { get; init; }

    /// <summary>Requests that may wait (<c>OLLAMA_MAX_QUEUE</c>).</summary>
    public int QueueLengthMax { get; init; } = 512;

    /// <summary>Default context length in tokens; 0 decides by memory (<c>OLLAMA_CONTEXT_LENGTH</c>).</summary>
    public int ContextTokens { get; init; }

    /// <summary>How keys and values are kept (<c>OLLAMA_KV_CACHE_TYPE</c>).</summary>
    public KeyValueType KeyValueType { get; init; }

    /// <summary>
    /// Computes attention in one piece; null leaves it to the engine (<c>OLLAMA_FLASH_ATTENTION</c>).
    /// </summary>
    public bool? FlashAttention { get; init; }

    /// <summary>
    /// One KV cache for all sequences of a model, or one for each; null decides by device and memory
    /// (<c>OLLAMA_KV_UNIFIED</c>).
    /// </summary>
    public bool? CacheUnified { get; init; }

    /// <summary>Uses all GPUs for a model that one could hold (<c>OLLAMA_SCHED_SPREAD</c>).</summary>
    public bool GpusSpread { get; init; }

    /// <summary>Bytes of each GPU that are left to others (<c>OLLAMA_GPU_OVERHEAD</c>).</summary>
    public long GpuOverheadBytes { get; init; }

    /// <summary>How long prompts may hold up the next token of others (<c>OLLAMA_TOKEN_DELAY_MAX</c>).</summary>
    public TimeSpan TokenDelayMax { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>RAM for prompts without a slot; negative decides by memory (<c>OLLAMA_PREFIX_CACHE_MIB</c>).</summary>
    public int PrefixCacheMebibytes { get; init; } = -1;

    /// <summary>Browser origins allowed besides the local ones (<c>OLLAMA_ORIGINS</c>).</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>0 information, 1 debug, 2 trace (<c>OLLAMA_DEBUG</c>).</summary>
    public int DebugLevel { get; init; }

    /// <summary>
    /// Folder of the native library; null for the one beside the program (<c>OLLAMA_LIBRARY_PATH</c>).
    /// </summary>
    public string? LibraryPath { get; init; }

    /// <summary>Registers the shipped models on first start (<c>OLLAMA_SHIPPED_MODELS</c>).</summary>
    public bool ShippedModels { get; init; } = true;

    /// <summary>
    /// Whether Go templates stand above those in GGUF files; null decides for each model (<c>OLLAMA_GO_TEMPLATE</c>).
    /// </summary>
    public bool? GoTemplates { get; init; }

    /// <summary>Where native code runs (<c>OLLAMA_RUNNER</c>).</summary>
    public RunnerKind Runner { get; init; } = RunnerKind.InProcess;

    /// <summary>
    /// How long one step of the engine may take; infinite for no limit (<c>OLLAMA_STEP_TIMEOUT</c>).
    /// </summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long running requests may go on after a stop signal (<c>OLLAMA_GRACE_PERIOD</c>).</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Models that a request may bring by using them (<c>OLLAMA_PULL_ON_DEMAND</c>).</summary>
    public IReadOnlyList<ModelPattern> PulledOnDemand { get; init; } = [];

    /// <summary>Models that are loaded while the server starts, in this order (<c>OLLAMA_PRELOAD</c>).</summary>
    public IReadOnlyList<ModelName> PreloadedModels { get; init; } = [];

    /// <summary>How long responses can be gone on from; zero keeps none (<c>OLLAMA_RESPONSE_KEEP</c>).</summary>
    public TimeSpan ResponseKeepTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>RAM for responses that are kept (<c>OLLAMA_RESPONSE_MIB</c>).</summary>
    public int ResponseMebibytes { get; init; } = 256;

    /// <summary>Requests of batches that run at a time (<c>OLLAMA_BATCH_PARALLEL</c>).</summary>
    public int BatchParallel { get; init; } = 4;

    /// <summary>Disk for files of clients and results of batches (<c>OLLAMA_FILES_MIB</c>).</summary>
    public int FilesMebibytes { get; init; } = 10240;

    /// <summary>What requests may be, and how they are answered while they wait.</summary>
    public RequestSettings Requests { get; init; } = new();

    /// <summary>How this server talks to registries and serves as one.</summary>
    public RegistrySettings Registry { get; init; } = new();

    /// <summary>The gRPC dialect, which is off where nobody gives it an address.</summary>
    public GrpcSettings Grpc { get; init; } = new();
}
