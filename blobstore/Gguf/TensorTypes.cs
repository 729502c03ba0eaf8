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
            // Norms, scales and biases are added and multiplied element by element, which the CPU does in 32-bit floats
            // alone. Files hold them so, whatever their matrices are.
            var isWeight = tensor.Name.EndsWith(".weight", StringComparison.Ordinal);
            var exact = tensor.Name.EndsWith("norm.weight", StringComparison.Ordinal)
                || tensor.Name.EndsWith(".bias", StringComparison.Ordinal) || (isWeight && tensor.Shape.Count < 2);
            var matrix = isWeight && tensor.Shape.Count > 1;
            if ((exact && tensor.Type.Name != "F32") || (matrix && !tensor.Type.IsWeights))
            {
                throw new GgufException(
                    $"The tensor '{tensor.Name}' has the type {tensor.Type.Name}, which the engine cannot use there.");
            }
        }
    }
}
