using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.BlobStore.Safetensors;

/// <summary>An element type of the format.</summary>
/// <param name="Name">Its name in files, e.g. <c>BF16</c>.</param>
/// <param name="Bits">Length of one element.</param>
public sealed record SafetensorsType(string Name, int Bits)
{
    private static readonly Dictionary<string, SafetensorsType> Known = new SafetensorsType[]
    {
        new("BOOL", 8), new("U8", 8), new("I8", 8), new("F8_E4M3", 8), new("F8_E5M2", 8), new("F8_E8M0", 8),
        new("F4", 4), new("F6_E2M3", 6), new("F6_E3M2", 6), new("U16", 16), new("I16", 16), new("F16", 16),
        new("BF16", 16), new("U32", 32), new("I32", 32), new("F32", 32), new("U64", 64), new("I64", 64),
        new("F64", 64), new("C64", 64),
    }.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>Bytes of one element of the types that hold weights; the packed types have none of their own.</summary>
    public int Bytes => Bits / 8;

    /// <summary>The elements are floats that a conversion can write.</summary>
    public bool IsFloat => Name is "F32" or "F16" or "BF16";

    /// <summary>Finds a type by its name in files.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out SafetensorsType? type) =>
        Known.TryGetValue(name, out type);
}
