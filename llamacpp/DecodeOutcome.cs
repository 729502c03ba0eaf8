namespace Ollama.Platform.LlamaCpp;

/// <summary>How a call of the library ended.</summary>
public enum DecodeOutcome
{
    /// <summary>Everything was computed.</summary>
    Decoded,

    /// <summary>No cells for the batch; nothing was computed.</summary>
    KvCacheFull,

    /// <summary><see cref="LlamaContext.Abort"/> was called.</summary>
    Aborted,

    /// <summary>The library failed.</summary>
    Failed,
}
