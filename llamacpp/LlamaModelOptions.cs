namespace Ollama.Platform.LlamaCpp;

/// <summary>How weights are loaded.</summary>
public sealed record LlamaModelOptions
{
    /// <summary>Layers to place on GPUs; −1 for all.</summary>
    public int GpuLayerCount { get; init; } = -1;

    /// <summary>GPU that holds what cannot be split; null for the first.</summary>
    public int? MainGpu { get; init; }

    /// <summary>Spreads the layers over all GPUs; otherwise they are on <see cref="MainGpu"/> alone.</summary>
    public bool GpusSplit { get; init; } = true;

    /// <summary>Maps the file instead of reading it; null leaves it to the library.</summary>
    public bool? MemoryMapped { get; init; }

    /// <summary>Reads sizes and metadata but no weights; such a model cannot compute.</summary>
    public bool HeaderOnly { get; init; }
}
