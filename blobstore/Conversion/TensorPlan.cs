using System.Runtime.InteropServices;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Safetensors;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>Decides which tensors a converted file has and what they are made of.</summary>
internal sealed class TensorPlan(ArchitectureLayout layout, string? matrixTypeName)
{
    // These are looked up or added, not multiplied with, and the engine wants them exact.
    private static readonly string[] ExactNames = ["position_embd.", "token_types.", "ffn_gate_inp", "rope_f"];

    private readonly SortedDictionary<string, List<TensorPart?>> _targets = new(StringComparer.Ordinal);

    /// <summary>Rows of the table of token vectors, which the vocabulary must have; 0 when there is none.</summary>
    public long TokenRows => _targets.TryGetValue("token_embd.weight", out var parts) && parts[0] is { } part
        && part.Tensor.Shape is [var rows, > 0] ? rows : 0;

    /// <summary>Type of the matrices: what was asked for, or BF16 where most of the source is, or F16.</summary>
    public string MatrixTypeName => matrixTypeName
        ?? (_targets.Values.SelectMany(parts => parts).OfType<TensorPart>()
            .Where(part => part.Tensor.Shape.Count > 1)
            .GroupBy(part => part.Tensor.Type.Name)
            .OrderByDescending(group => group.Sum(part => part.Tensor.Bytes))
            .FirstOrDefault()?.Key == "BF16" ? "BF16" : "F16");

    /// <summary>Takes up a file's tensors.</summary>
    public void Add(SafetensorsFile file)
    {
        foreach (var tensor in file.Tensors)
        {
            if (!layout.Ignores(tensor.Name))
            {
                Add(file, tensor);
            }
        }
    }

    /// <summary>The tensors to write.</summary>
    /// <exception cref="ConversionException">One is missing.</exception>
    public IReadOnlyList<GgufTensorWriter> ToWriters()
    {
        CheckLayers();
        var matrixType = TypeOf(MatrixTypeName);
        var writers = layout.Constants().Select(constant => ToWriter(constant.Name, constant.Values)).ToList();
        writers.AddRange(_targets.Select(target => ToWriter(target.Key, target.Value, matrixType)));
        return writers;
    }

    private void Add(SafetensorsFile file, SafetensorsTensor tensor)
    {
        var name = TensorName.Parse(tensor.Name);
        var stacked = layout.StackedIn(name);
        if (name.Layer >= layout.LayerCount || (name.Expert >= 0 && name.Expert >= layout.ExpertCount)
            || (layout.Rename(name) is null && stacked.Count == 0))
        {
            throw new ConversionException(
                $"The tensor '{tensor.Name}' is none that models of the architecture {layout.Name} have.");
        }

        if (!tensor.Type.IsFloat)
        {
            throw new ConversionException(
                $"The tensor '{tensor.Name}' has the type {tensor.Type.Name}; F32, F16 and BF16 can be converted.");
        }

        if (stacked.Count > 0)
        {
            AddStacked(file, tensor, stacked);
            return;
        }

        if (tensor.Bytes == 0 || tensor.Shape.Count is 0 or > 3 || (name.Expert >= 0 && tensor.Shape.Count != 2))
        {
            throw new ConversionException($"The tensor '{tensor.Name}' has a shape that no weights have.");
        }

        var target = layout.Rename(name)!;
        var heads = layout.AlternatingHeads(target);
        if (heads > 0 && tensor.Shape[0] % (2L * heads) != 0)
        {
            throw new ConversionException(
                $"The tensor '{tensor.Name}' has {tensor.Shape[0]} rows, which do not make {heads} heads.");
        }

        Put(target, name.Expert, new TensorPart(file, tensor, heads, layout.Added(target)));
    }

    /// <summary>Takes the matrices of all experts out of one tensor, as if each were a tensor of its own.</summary>
    private void AddStacked(SafetensorsFile file, SafetensorsTensor tensor, IReadOnlyList<ExpertMatrix> matrices)
    {
        long[] shape = [layout.ExpertCount, matrices.Sum(matrix => matrix.Rows), matrices[0].Columns];
        if (!tensor.Shape.SequenceEqual(shape))
        {
            throw new ConversionException(
                $"The tensor '{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape)}]; "
                + $"the experts that config.json describes make [{string.Join(", ", shape)}].");
        }

        var offset = tensor.Offset;
        for (var expert = 0; expert < layout.ExpertCount; expert++)
        {
            foreach (var matrix in matrices)
            {
                var bytes = matrix.Rows * matrix.Columns * tensor.Type.Bytes;
                var part = tensor with { Shape = [matrix.Rows, matrix.Columns], Offset = offset, Bytes = bytes };
                Put(matrix.Target, expert, new TensorPart(file, part));
                offset += bytes;
            }
        }
    }

    private void Put(string target, int expert, TensorPart part)
    {
        if (!_targets.TryGetValue(target, out var parts))
        {
            parts = [.. Enumerable.Repeat<TensorPart?>(null, expert >= 0 ? layout.ExpertCount : 1)];
            _targets[target] = parts;
        }

        var index = Math.Max(expert, 0);
        if (parts[index] is { } other)
        {
            throw new ConversionException($"The tensors '{other.Tensor.Name}' and '{part.Tensor.Name}' are the same.");
        }

        parts[index] = part;
    }

    /// <summary>Each layer must have what the first has: the engine would stop at the first gap.</summary>
    private void CheckLayers()
    {
        if (TokenRows == 0)
        {
            throw new ConversionException("The tensor of the token embeddings is missing.");
        }

        var kinds = _targets.Keys.Where(name => name.StartsWith("blk.0.", StringComparison.Ordinal))
            .Select(name => name["blk.0.".Length..]).ToList();
        if (kinds.Count == 0)
        {
            throw new ConversionException("The tensors of the first layer are missing.");
        }

        for (var layer = 1; layer < layout.LayerCount; layer++)
        {
            if (kinds.Find(kind => !_targets.ContainsKey($"blk.{layer}.{kind}")) is { } missing)
            {
                throw new ConversionException(
                    $"The layer {layer} lacks the tensor '{missing}', which the first layer has.");
            }
        }
    }

    private static GgufTensorWriter ToWriter(string name, float[] values) => new(
        name, TypeOf("F32"), [values.Length],
        (output, _) => output.Write(MemoryMarshal.AsBytes(values.AsSpan())));

    private static GgufTensorWriter ToWriter(string name, List<TensorPart?> parts, GgmlType matrixType)
    {
        var missing = parts.IndexOf(null);
        if (missing >= 0)
        {
            throw new ConversionException($"The expert {missing} of the tensor '{name}' is missing.");
        }

        var first = parts[0]!.Tensor;
        if (parts.Find(part => !part!.Tensor.Shape.SequenceEqual(first.Shape)) is { } odd)
        {
            throw new ConversionException($"The tensor '{odd.Tensor.Name}' has another shape than its neighbours.");
        }

        var isExact = first.Shape.Count == 1 || name.EndsWith("norm.weight", StringComparison.Ordinal)
            || !name.EndsWith(".weight", StringComparison.Ordinal)
            || ExactNames.Any(exact => name.Contains(exact, StringComparison.Ordinal));
        var type = isExact ? TypeOf("F32") : matrixType;
        IEnumerable<long> shape = first.Shape.Reverse();
        return new GgufTensorWriter(
            name, type, [.. parts.Count > 1 ? shape.Append(parts.Count) : shape],
            (output, cancellationToken) =>
            {
                foreach (var part in parts)
                {
                    part!.Write(output, type, cancellationToken);
                }
            });
    }

    private static GgmlType TypeOf(string name)
    {
        GgmlType.TryGet(name switch { "F32" => 0u, "F16" => 1u, _ => 30u }, out var type);
        return type!;
    }
}
