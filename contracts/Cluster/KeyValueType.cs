namespace Ollama.Platform.Contracts.Cluster;

#pragma warning disable CA1707 // The names are the library's.

/// <summary>
/// How the keys and values of a KV cache are kept. The numbers cross processes and stay as they are.
/// </summary>
public enum KeyValueType
{
    /// <summary>16-bit floats.</summary>
    F16 = 0,

    /// <summary>8 bits: half the memory, no loss that shows.</summary>
    Q8_0 = 1,

    /// <summary>4 bits: a quarter of the memory, some loss at long contexts.</summary>
    Q4_0 = 2,

    /// <summary>32-bit floats.</summary>
    F32 = 3,

    /// <summary>16-bit brain floats.</summary>
    BF16 = 4,

    /// <summary>4 bits with a minimum.</summary>
    Q4_1 = 5,

    /// <summary>5 bits.</summary>
    Q5_0 = 6,

    /// <summary>5 bits with a minimum.</summary>
    Q5_1 = 7,

    /// <summary>4 bits of uneven steps.</summary>
    IQ4_NL = 8,
}
