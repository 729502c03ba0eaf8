namespace Ollama.Platform.LlamaCpp;

/// <summary>How a native step ended.</summary>
public enum LlamaStepOutcome
{
    /// <summary>Every entry was computed.</summary>
    Computed,

    /// <summary>No room for the batch in the KV cache; the cache is as before.</summary>
    CacheFull,

    /// <summary>Stopped by <see cref="LlamaContext.Abort"/>; what was computed before stays in the cache.</summary>
    Aborted,

    /// <summary>The library failed; the context must not be used further.</summary>
    Failed,
}
