using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Safetensors;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>
/// Makes a GGUF file of a LoRA adapter in the layout of PEFT: <c>adapter_config.json</c> and
/// <c>adapter_model.safetensors</c>. The base model says how its heads are laid out.
/// </summary>
public static class AdapterConverter
{
    private const int RankMax = 4096;

    /// <summary>Converts an adapter and checks what came out. Blocks while it works.</summary>
    /// <param name="request">What to convert; the type of the matrices stays that of the source.</param>
    /// <param name="baseModel">The header of the weights that the adapter changes.</param>
    /// <param name="cancellationToken">Gives it up; nothing is left then.</param>
    /// <exception cref="ConversionException">The adapter cannot be converted.</exception>
    public static void Convert(ConversionRequest request, GgufFile baseModel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(baseModel);
        ConversionOutput.Write(request, output => Write(request, baseModel, output, cancellationToken));
        try
        {
            _ = GgufFile.Read(request.TargetPath);
        }
        catch (GgufException failure)
        {
            File.Delete(request.TargetPath);
            throw new ConversionException($"The converted adapter cannot be used: {failure.Message}", failure);
        }
    }

    private static void Write(
        ConversionRequest request, GgufFile baseModel, Stream output, CancellationToken cancellationToken)
    {
        var alpha = ReadAlpha(request.Source);
        var layout = Architectures.Of(baseModel);
        var tensors = new List<GgufTensorWriter>();
        foreach (var name in request.Source.TensorFileNames)
        {
            var file = SafetensorsFile.Read(request.Source.PathOf(name));
            tensors.AddRange(file.Tensors.Select(tensor => ToWriter(layout, baseModel, file, tensor)));
        }

        CheckPairs(tensors, baseModel);
        var keys = new GgufKeys();
        keys.Add("general.architecture", layout.Name);
        keys.Add("general.type", "adapter");
        keys.Add("general.file_type", tensors[0].Type.Name switch { "F32" => 0u, "F16" => 1u, _ => 32u });
        keys.Add("adapter.type", "lora");
        keys.Add("adapter.lora.alpha", alpha);
        GgufWriter.Write(
            output, keys, tensors, count => request.Progress?.Invoke(count, tensors.Count), cancellationToken);
    }

    private static float ReadAlpha(ModelFolder folder)
    {
        var config = folder.ReadJson("adapter_config.json")
            ?? throw new ConversionException("There is no adapter_config.json among the files.");
        if (config.Field("peft_type").AsText() is { } type && type != "LORA")
        {
            throw new ConversionException($"The adapter has the type '{type}'; only LORA can be converted.");
        }

        foreach (var name in new[] { "use_dora", "fan_in_fan_out", "lora_bias" })
        {
            if (config.Field(name).AsBool() == true)
            {
                throw new ConversionException($"The adapter sets '{name}', which the engine cannot do.");
            }
        }

        if (config.Field("alpha_pattern").Fields().Any())
        {
            throw new ConversionException("The adapter sets 'alpha_pattern', which the engine cannot do.");
        }

        var alpha = config.Field("lora_alpha").AsReal()
            ?? throw new ConversionException("The file adapter_config.json lacks the value 'lora_alpha'.");

        // The engine divides by the rank; rank-stabilized adapters divide by its root.
        return config.Field("use_rslora").AsBool() == true
            ? (float)(alpha * Math.Sqrt(config.Field("r").AsCount() ?? 1))
            : (float)alpha;
    }

    private static GgufTensorWriter ToWriter(
        ArchitectureLayout layout, GgufFile baseModel, SafetensorsFile file, SafetensorsTensor tensor)
    {
        var (isA, isB) = (tensor.Name.EndsWith(".lora_A.weight", StringComparison.Ordinal),
            tensor.Name.EndsWith(".lora_B.weight", StringComparison.Ordinal));
        var name = tensor.Name.StartsWith("base_model.model.", StringComparison.Ordinal)
            ? tensor.Name["base_model.model.".Length..] : tensor.Name;
        if ((!isA && !isB) || tensor.Shape is not [> 0 and var rows, > 0 and var columns]
            || !tensor.Type.IsFloat || Math.Min(rows, columns) > RankMax)
        {
            throw new ConversionException($"The tensor '{tensor.Name}' is no matrix of a LoRA adapter.");
        }

        var target = layout.Rename(TensorName.Parse(name[..^".lora_A.weight".Length] + ".weight"));
        if (target is null || baseModel.Tensors.All(other => other.Name != target))
        {
            throw new ConversionException($"The base model has nothing that the tensor '{tensor.Name}' changes.");
        }

        var heads = isB ? layout.AlternatingHeads(target) : 0;
        if (heads > 0 && rows % (2L * heads) != 0)
        {
            throw new ConversionException($"The tensor '{tensor.Name}' does not fit the heads of the base model.");
        }

        var part = new TensorPart(file, tensor, heads);
        GgmlType.TryGet(tensor.Type.Name switch { "F32" => 0u, "F16" => 1u, _ => 30u }, out var type);
        return new GgufTensorWriter(
            target + (isA ? ".lora_a" : ".lora_b"), type!, [columns, rows],
            (output, cancellationToken) => part.Write(output, type!, cancellationToken));
    }

    /// <summary>Both halves must be there, fit each other and the matrix that they change.</summary>
    private static void CheckPairs(List<GgufTensorWriter> tensors, GgufFile baseModel)
    {
        var byName = new Dictionary<string, GgufTensorWriter>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (!byName.TryAdd(tensor.Name, tensor))
            {
                throw new ConversionException($"The adapter changes '{tensor.Name}' twice.");
            }
        }

        if (tensors.Count == 0)
        {
            throw new ConversionException("The adapter has no tensors.");
        }

        foreach (var name in byName.Keys.Select(name => name[..^".lora_a".Length]).Distinct())
        {
            var changed = baseModel.Tensors.First(tensor => tensor.Name == name).Shape;
            if (!byName.TryGetValue(name + ".lora_a", out var a) || !byName.TryGetValue(name + ".lora_b", out var b)
                || a.Shape[1] != b.Shape[0] || changed.Count != 2 || a.Shape[0] != changed[0]
                || b.Shape[1] != changed[1])
            {
                throw new ConversionException($"The halves of the adapter do not fit the tensor '{name}'.");
            }
        }
    }
}
