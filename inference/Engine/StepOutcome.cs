namespace Ollama.Platform.Inference.Engine;

/// <summary>How a native step ended.</summary>
public enum StepOutcome
{
    /// <summary>Every entry was computed.</summary>
    Decoded,

    /// <summary>No room for the batch in the KV cache; nothing was computed.</summary>
    KvCacheFull,

    /// <summary><see cref="IEngine.Abort"/> was called.</summary>
    Aborted,

    /// <summary>The native library failed; the context must not be used further.</summary>
    Failed,
}
