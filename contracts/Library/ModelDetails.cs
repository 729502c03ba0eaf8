namespace Ollama.Platform.Contracts.Library;

/// <summary>What lists show of a model. Empty strings where unknown.</summary>
public sealed record ModelDetails
{
    /// <summary>The model it was made from.</summary>
    public string ParentModel { get; init; } = "";

    /// <summary><c>gguf</c> or <c>safetensors</c>.</summary>
    public string Format { get; init; } = "";

    /// <summary>Architecture family, e.g. <c>llama</c>.</summary>
    public string Family { get; init; } = "";

    /// <summary>All families; null when the config has none.</summary>
    public IReadOnlyList<string>? Families { get; init; }

    /// <summary>Human parameter count, e.g. <c>8.0B</c>.</summary>
    public string ParameterSize { get; init; } = "";

    /// <summary>File type of the weights, e.g. <c>Q4_K_M</c>.</summary>
    public string QuantizationLevel { get; init; } = "";

    /// <summary>Trained context length in tokens; null when unknown.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Length of an embedding; null when unknown.</summary>
    public int? EmbeddingLength { get; init; }
}
