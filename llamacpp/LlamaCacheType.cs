namespace Ollama.Platform.LlamaCpp;

#pragma warning disable CA1707 // The names are the library's.

/// <summary>How keys and values are kept; the numbers are those of <c>ggml_type</c>.</summary>
public enum LlamaCacheType
{
    /// <summary>32-bit floats.</summary>
    F32 = 0,

    /// <summary>16-bit floats.</summary>
    F16 = 1,

    /// <summary>Blocks of 32 with 4 bits and a scale: 18 bytes.</summary>
    Q4_0 = 2,

    /// <summary>Blocks of 32 with 4 bits, a scale and a minimum: 20 bytes.</summary>
    Q4_1 = 3,

    /// <summary>Blocks of 32 with 5 bits and a scale: 22 bytes.</summary>
    Q5_0 = 6,

    /// <summary>Blocks of 32 with 5 bits, a scale and a minimum: 24 bytes.</summary>
    Q5_1 = 7,

    /// <summary>Blocks of 32 with 8 bits and a scale: 34 bytes.</summary>
    Q8_0 = 8,

    /// <summary>Blocks of 32 with 4 bits of uneven steps and a scale: 18 bytes.</summary>
    IQ4_NL = 20,

    /// <summary>16-bit brain floats.</summary>
    BF16 = 30,
}
