namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name, at most 63 bytes of UTF-8.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Dimensions, fastest varying first.</param>
/// <param name="Write">Writes its bytes, exactly as many as type and shape need, and gives up when canceled.</param>
public sealed record GgufTensorWriter(
    string Name, GgmlType Type, IReadOnlyList<long> Shape, Action<Stream, CancellationToken> Write)
{
    /// <summary>Length of the tensor.</summary>
    public long Bytes => Shape.Aggregate(1L, (product, dimension) => checked(product * dimension))
        / Type.BlockElements * Type.BlockBytes;
}
