namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>What a conversion is to make.</summary>
public sealed record ConversionRequest
{
    /// <summary>The files of the model or adapter.</summary>
    public required ModelFolder Source { get; init; }

    /// <summary>The GGUF file to write; replaced when it exists, removed when the conversion fails.</summary>
    public required string TargetPath { get; init; }

    /// <summary>
    /// Type of the matrices: <c>F32</c>, <c>F16</c> or <c>BF16</c>. Null keeps BF16 and makes F16 of everything else.
    /// </summary>
    public string? MatrixTypeName { get; init; }

    /// <summary>Called after each tensor with how many are written and how many there are.</summary>
    public Action<int, int>? Progress { get; init; }
}
