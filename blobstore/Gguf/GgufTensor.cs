namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>One entry of the tensor table.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Dimensions, fastest varying first; empty for a single number.</param>
/// <param name="Offset">Where it begins, in bytes from the start of the tensors.</param>
/// <param name="Bytes">Its length.</param>
public sealed record GgufTensor(string Name, GgmlType Type, IReadOnlyList<long> Shape, long Offset, long Bytes)
{
    /// <summary>Number of elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, dimension) => product * dimension);
}
