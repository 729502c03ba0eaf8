using Ollama.Platform.BlobStore.Conversion.Tokenizers;
using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>
/// Makes a GGUF file of a model in the layout of Hugging Face: <c>config.json</c>, a tokenizer and safetensors files.
/// Blocks while it works; memory holds the tokenizer and a few megabytes of weights, however large the model is.
/// </summary>
public static class ModelConverter
{
    // The engine has no layout with more.
    private const int LayerCountMax = 512;
    private const int TokenCountMax = 4 * 1024 * 1024;

    /// <summary>Converts a model and checks what came out.</summary>
    /// <exception cref="ConversionException">The model cannot be converted.</exception>
    /// <exception cref="OperationCanceledException">It was given up; nothing is left.</exception>
    public static void Convert(ConversionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ConversionOutput.Write(request, output => Write(request, output, cancellationToken));
        try
        {
            _ = Weights.Read(request.TargetPath);
        }
        catch (GgufException failure)
        {
            File.Delete(request.TargetPath);
            throw new ConversionException($"The converted model cannot be served: {failure.Message}", failure);
        }
    }

    private static void Write(ConversionRequest request, Stream output, CancellationToken cancellationToken)
    {
        var folder = request.Source;
        var config = new Hyperparameters(folder.ReadJson("config.json")
            ?? throw new ConversionException("There is no config.json among the files."));
        var layout = Architectures.Find(config);
        if (layout.LayerCount > LayerCountMax || layout.ExpertCount > LayerCountMax)
        {
            throw new ConversionException($"The model has more than {LayerCountMax} layers or experts.");
        }

        if (config.Find("quantization_config") is not null)
        {
            throw new ConversionException(
                "The weights are quantized already; only F32, F16 and BF16 can be converted.");
        }

        var plan = new TensorPlan(layout, request.MatrixTypeName);
        foreach (var file in ShardFiles.Read(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            plan.Add(file);
        }

        var tensors = plan.ToWriters();
        if (plan.TokenRows > TokenCountMax)
        {
            throw new ConversionException($"The model has {plan.TokenRows} tokens, more than {TokenCountMax}.");
        }

        var keys = new GgufKeys();
        keys.Add("general.architecture", layout.Name);
        keys.Add("general.type", "model");
        keys.Add("general.file_type", plan.MatrixTypeName switch { "F32" => 0u, "F16" => 1u, _ => 32u });
        keys.Add("general.quantization_version", 2);
        layout.AddKeys(keys);
        Pooling.AddKeys(keys, layout, folder);
        TokenizerKeys.Add(keys, layout, folder, config, (int)plan.TokenRows);
        GgufWriter.Write(
            output, keys, tensors, count => request.Progress?.Invoke(count, tensors.Count), cancellationToken);
    }
}
