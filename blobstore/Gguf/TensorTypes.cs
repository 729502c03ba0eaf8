namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>Refuses tensors whose element type the engine would find impossible only while it computes.</summary>
internal static class TensorTypes
{
    public static void Check(GgufFile file)
    {
        if (file.Tensors.Count == 0)
        {
            throw new GgufException("The file has no tensors.");
        }

        foreach (var tensor in file.Tensors)
        {
            // Norms and biases are added and multiplied element by element, for which the CPU has 32-bit floats alone.
            var exact = tensor.Name.EndsWith("norm.weight", StringComparison.Ordinal)
                || tensor.Name.EndsWith(".bias", StringComparison.Ordinal);
            var matrix = tensor.Name.EndsWith(".weight", StringComparison.Ordinal) && tensor.Shape.Count > 1;
            if ((exact && tensor.Type.Name != "F32") || (matrix && !tensor.Type.IsWeights))
            {
                throw new GgufException(
                    $"The tensor '{tensor.Name}' has the type {tensor.Type.Name}, which the engine cannot use there.");
            }
        }
    }
}
