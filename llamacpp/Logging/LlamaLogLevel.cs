namespace Ollama.Platform.LlamaCpp.Logging;

/// <summary>How important the library finds a line; <c>enum ggml_log_level</c>.</summary>
public enum LlamaLogLevel
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>For developers of the library.</summary>
    Debug = 1,

    /// <summary>Facts about loading and memory.</summary>
    Info = 2,

    /// <summary>Hints about settings.</summary>
    Warning = 3,

    /// <summary>A call failed.</summary>
    Error = 4,

    /// <summary>Goes on with the line before, of the same thread.</summary>
    Continuation = 5,
}
