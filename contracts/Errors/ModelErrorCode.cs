namespace Ollama.Platform.Contracts.Errors;

/// <summary>
/// Everything a caller can be refused with. One table per dialect turns a code into status and body.
/// The numbers cross silos and stay as they are.
/// </summary>
public enum ModelErrorCode
{
    /// <summary>The name breaks the grammar of model names.</summary>
    NameInvalid = 0,

    /// <summary>
    /// No such model in the library, or, for a pull, in the registry; the detail then is the whole sentence.
    /// </summary>
    ModelNotFound = 1,

    /// <summary>A blob that the manifest names is missing.</summary>
    BlobMissing = 2,

    /// <summary>The model lacks a capability; the detail names the capabilities, comma separated.</summary>
    CapabilityMissing = 3,

    /// <summary>Thinking was asked of a model that cannot think.</summary>
    ThinkingUnsupported = 4,

    /// <summary>An option has the wrong type; the detail is the whole sentence.</summary>
    OptionInvalid = 5,

    /// <summary>The request contradicts itself or the model; the detail is the whole sentence.</summary>
    RequestInvalid = 6,

    /// <summary>
    /// The output format is neither <c>json</c> nor a usable schema; the detail is the whole sentence.
    /// </summary>
    FormatInvalid = 7,

    /// <summary>The prompt exceeds the context length and may not be cut.</summary>
    ContextExceeded = 8,

    /// <summary>An embedding input exceeds the context length and may not be cut.</summary>
    InputTooLong = 9,

    /// <summary>The template does not parse or failed; the detail names line and column.</summary>
    TemplateFailed = 10,

    /// <summary>Too many requests are waiting.</summary>
    QueueFull = 11,

    /// <summary>The model does not fit into memory.</summary>
    MemoryExceeded = 12,

    /// <summary>The model could not be loaded; the detail says why.</summary>
    LoadFailed = 13,

    /// <summary>Loading took longer than allowed.</summary>
    LoadTimedOut = 14,

    /// <summary>The runner ended in the middle of the request.</summary>
    RunnerStopped = 15,

    /// <summary>The engine reported a failure; the detail says which.</summary>
    EngineFailed = 16,

    /// <summary>The model cannot produce embeddings.</summary>
    EmbeddingUnsupported = 17,

    /// <summary>A vector contained NaN or infinity.</summary>
    EmbeddingNotFinite = 18,

    /// <summary>The model's output broke the syntax of its own tool calls; the detail says how.</summary>
    ToolCallMalformed = 19,

    /// <summary>The server is stopping and takes no new requests.</summary>
    ShuttingDown = 20,

    /// <summary>The client went away while waiting.</summary>
    Canceled = 21,

    /// <summary>The request waited longer than its deadline.</summary>
    DeadlineExceeded = 22,

    /// <summary>The model file is damaged or hostile; the detail says what was found.</summary>
    ModelFileInvalid = 23,

    /// <summary>The model needs something that this build does not have; the detail says what.</summary>
    Unsupported = 24,

    /// <summary>A pull or push failed; the detail is the whole sentence.</summary>
    TransferFailed = 25,

    /// <summary>Another server runs the model; the detail is that server's address.</summary>
    ModelRemote = 26,
}
