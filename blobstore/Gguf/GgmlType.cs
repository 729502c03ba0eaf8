using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>An element type of tensors, as the pinned llama.cpp knows it.</summary>
/// <param name="Id">Its number in files.</param>
/// <param name="Name">Its name, e.g. <c>Q4_K</c>.</param>
/// <param name="BlockElements">Elements that are stored together; rows are multiples of it.</param>
/// <param name="BlockBytes">Bytes that one block takes.</param>
public sealed record GgmlType(uint Id, string Name, int BlockElements, int BlockBytes)
{
    // Numbers and block sizes of ggml in llama.cpp v0.5.0. The gaps are types that were removed.
    private static readonly Dictionary<uint, GgmlType> Known = new()
    {
        [0] = new(0, "F32", 1, 4),
        [1] = new(1, "F16", 1, 2),
        [2] = new(2, "Q4_0", 32, 18),
        [3] = new(3, "Q4_1", 32, 20),
        [6] = new(6, "Q5_0", 32, 22),
        [7] = new(7, "Q5_1", 32, 24),
        [8] = new(8, "Q8_0", 32, 34),
        [9] = new(9, "Q8_1", 32, 36),
        [10] = new(10, "Q2_K", 256, 84),
        [11] = new(11, "Q3_K", 256, 110),
        [12] = new(12, "Q4_K", 256, 144),
        [13] = new(13, "Q5_K", 256, 176),
        [14] = new(14, "Q6_K", 256, 210),
        [15] = new(15, "Q8_K", 256, 292),
        [16] = new(16, "IQ2_XXS", 256, 66),
        [17] = new(17, "IQ2_XS", 256, 74),
        [18] = new(18, "IQ3_XXS", 256, 98),
        [19] = new(19, "IQ1_S", 256, 50),
        [20] = new(20, "IQ4_NL", 32, 18),
        [21] = new(21, "IQ3_S", 256, 110),
        [22] = new(22, "IQ2_S", 256, 82),
        [23] = new(23, "IQ4_XS", 256, 136),
        [24] = new(24, "I8", 1, 1),
        [25] = new(25, "I16", 1, 2),
        [26] = new(26, "I32", 1, 4),
        [27] = new(27, "I64", 1, 8),
        [28] = new(28, "F64", 1, 8),
        [29] = new(29, "IQ1_M", 256, 56),
        [30] = new(30, "BF16", 1, 2),
        [34] = new(34, "TQ1_0", 256, 54),
        [35] = new(35, "TQ2_0", 256, 66),
        [39] = new(39, "MXFP4", 32, 17),
        [40] = new(40, "NVFP4", 64, 36),
        [41] = new(41, "Q1_0", 128, 18),
        [42] = new(42, "Q2_0", 64, 18),
    };

    /// <summary>
    /// The engine multiplies with this type. The others are intermediate results or indices; a matrix of them would
    /// send native code through a null pointer.
    /// </summary>
    public bool IsWeights => Name is not ("I8" or "I16" or "I32" or "I64" or "F64" or "Q8_1" or "Q8_K");

    /// <summary>Finds a type by its number; false when it was removed or is not known yet.</summary>
    public static bool TryGet(uint id, [NotNullWhen(true)] out GgmlType? type) => Known.TryGetValue(id, out type);
}
