namespace Ollama.Platform.Benchmarks.Models;

/// <summary>
/// Sizes of a model: real shapes, so that the speed of random weights is the real speed.
/// </summary>
internal sealed record ModelShape
{
    public required string Name { get; init; }

    /// <summary>GGUF architecture: <c>qwen2</c> (with biases), <c>llama</c> or <c>nomic-bert</c>.</summary>
    public required string Architecture { get; init; }

    public required int EmbeddingLength { get; init; }

    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    public required int KeyValueHeadCount { get; init; }

    public required int FeedForwardLength { get; init; }

    public required int VocabularySize { get; init; }

    public int HeadLength => EmbeddingLength / HeadCount;

    public bool HasBiases => Architecture == "qwen2";

    /// <summary>The output has weights of its own, instead of those of the token embeddings.</summary>
    public bool HasOwnOutput { get; init; }

    /// <summary>Qwen2.5 0.5B: 24 layers, a vocabulary of 152 k tokens, tied embeddings.</summary>
    public static ModelShape HalfBillion { get; } = new()
    {
        Name = "qwen2.5-0.5b",
        Architecture = "qwen2",
        EmbeddingLength = 896,
        LayerCount = 24,
        HeadCount = 14,
        KeyValueHeadCount = 2,
        FeedForwardLength = 4864,
        VocabularySize = 151936,
    };

    /// <summary>Llama 3.1 8B: 32 layers, a vocabulary of 128 k tokens, an output of its own. For GPUs.</summary>
    public static ModelShape EightBillion { get; } = new()
    {
        Name = "llama3.1-8b",
        Architecture = "llama",
        EmbeddingLength = 4096,
        LayerCount = 32,
        HeadCount = 32,
        KeyValueHeadCount = 8,
        FeedForwardLength = 14336,
        VocabularySize = 128256,
        HasOwnOutput = true,
    };

    /// <summary>SmolLM 135M: 30 layers, a vocabulary of 49 k tokens, tied embeddings.</summary>
    public static ModelShape Small { get; } = new()
    {
        Name = "smol-135m",
        Architecture = "llama",
        EmbeddingLength = 576,
        LayerCount = 30,
        HeadCount = 9,
        KeyValueHeadCount = 3,
        FeedForwardLength = 1536,
        VocabularySize = 49152,
    };

    /// <summary>nomic-embed-text: 12 layers that make vectors of 768 numbers.</summary>
    public static ModelShape Encoder { get; } = new()
    {
        Name = "nomic-137m",
        Architecture = RandomEncoder.Architecture,
        EmbeddingLength = 768,
        LayerCount = 12,
        HeadCount = 12,
        KeyValueHeadCount = 12,
        FeedForwardLength = 3072,
        VocabularySize = 30522,
    };
}
