namespace Ollama.Platform.LlamaCpp;

#pragma warning disable CA1707 // The names are the library's.

/// <summary>What the weights of a file are quantized to; the usual part of <c>enum llama_ftype</c>.</summary>
public enum LlamaFileType
{
    /// <summary>32-bit floats.</summary>
    F32 = 0,

    /// <summary>16-bit floats.</summary>
    F16 = 1,

    /// <summary>4 bits, blocks of 32.</summary>
    Q4_0 = 2,

    /// <summary>4 bits with an offset, blocks of 32.</summary>
    Q4_1 = 3,

    /// <summary>8 bits, blocks of 32.</summary>
    Q8_0 = 7,

    /// <summary>5 bits, blocks of 32.</summary>
    Q5_0 = 8,

    /// <summary>5 bits with an offset, blocks of 32.</summary>
    Q5_1 = 9,

    /// <summary>2 bits, blocks of 256.</summary>
    Q2_K = 10,

    /// <summary>3 bits, blocks of 256, small mix.</summary>
    Q3_K_S = 11,

    /// <summary>3 bits, blocks of 256, medium mix.</summary>
    Q3_K_M = 12,

    /// <summary>3 bits, blocks of 256, large mix.</summary>
    Q3_K_L = 13,

    /// <summary>4 bits, blocks of 256, small mix.</summary>
    Q4_K_S = 14,

    /// <summary>4 bits, blocks of 256, medium mix.</summary>
    Q4_K_M = 15,

    /// <summary>5 bits, blocks of 256, small mix.</summary>
    Q5_K_S = 16,

    /// <summary>5 bits, blocks of 256, medium mix.</summary>
    Q5_K_M = 17,

    /// <summary>6 bits, blocks of 256.</summary>
    Q6_K = 18,

    /// <summary>16-bit floats with the exponent of 32-bit ones.</summary>
    BF16 = 32,
}
