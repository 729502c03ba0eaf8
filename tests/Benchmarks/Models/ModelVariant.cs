namespace Ollama.Platform.Benchmarks.Models;

/// <summary>A shape with the weights' type.</summary>
internal sealed record ModelVariant(ModelShape Shape, QuantizationType Type)
{
    /// <summary>The one that only GPUs are measured with, too large to be written unquantized first.</summary>
    public static ModelVariant Large { get; } = new(ModelShape.EightBillion, QuantizationType.Q4_K_M);

    /// <summary>Name of the model in its store, e.g. <c>qwen2.5-0.5b:q4_k_m</c>.</summary>
    public string Name => $"{Shape.Name}:{Type.ToString().ToLowerInvariant()}";
}

/// <summary>Types of weights, by the numbers that <c>llama_ftype</c> gives them.</summary>
internal enum QuantizationType
{
    /// <summary>Blocks of 32 weights in 4 bits each.</summary>
    Q4_0 = 2,

    /// <summary>Blocks of 32 weights in 8 bits each.</summary>
    Q8_0 = 7,

    /// <summary>Blocks of 256 weights in 4 bits each, the more sensitive matrices in 6.</summary>
    Q4_K_M = 15,
}
