namespace Ollama.Platform.LlamaCpp;

/// <summary>What to load and where to put it.</summary>
public sealed record LlamaModelOptions
{
    /// <summary>Absolute path of a GGUF file.</summary>
    public required string Path { get; init; }

    /// <summary>Layers on GPUs; −1 for all.</summary>
    public int GpuLayerCount { get; init; } = -1;

    /// <summary>GPU for what cannot be split.</summary>
    public int MainGpu { get; init; }

    /// <summary>Maps the file (true), reads it (false) or leaves it to the library (null).</summary>
    public bool? MemoryMapped { get; init; }
}
