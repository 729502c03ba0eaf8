namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>Checks that quantized weights are those of the source, before they count.</summary>
public static class QuantizedWeights
{
    /// <summary>Compares a quantized file with the header of its source.</summary>
    /// <param name="source">The header of the weights that were quantized.</param>
    /// <param name="path">What was written.</param>
    /// <param name="type">The file type that was asked for.</param>
    /// <exception cref="GgufException">The file is damaged or something else.</exception>
    public static void Check(GgufFile source, string path, string type)
    {
        ArgumentNullException.ThrowIfNull(source);
        var quantized = Weights.Read(path).File;
        if (FileTypes.NameOf(quantized) != type || quantized.Architecture != source.Architecture)
        {
            throw new GgufException(
                $"The quantized weights are {FileTypes.NameOf(quantized)} of {quantized.Architecture}, not {type} of "
                + $"{source.Architecture}.");
        }

        var shapes = quantized.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        var lost = source.Tensors.FirstOrDefault(
            tensor => !shapes.TryGetValue(tensor.Name, out var shape) || !shape.SequenceEqual(tensor.Shape));
        if (lost is not null || shapes.Count != source.Tensors.Count)
        {
            throw new GgufException(
                $"The quantized weights have other tensors than their source{(lost is null ? "" : $": {lost.Name}")}.");
        }
    }
}
