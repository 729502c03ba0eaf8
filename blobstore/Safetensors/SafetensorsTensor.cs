namespace Ollama.Platform.BlobStore.Safetensors;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Dimensions, slowest varying first, as the format has them; empty for a single number.</param>
/// <param name="Offset">Where its bytes begin in the file.</param>
/// <param name="Bytes">How many they are.</param>
public sealed record SafetensorsTensor(
    string Name, SafetensorsType Type, IReadOnlyList<long> Shape, long Offset, long Bytes)
{
    /// <summary>Number of elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, dimension) => product * dimension);
}
