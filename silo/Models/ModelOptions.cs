using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// The options of a request, merged over the model's parameters and brought into ranges that native code can bear.
/// </summary>
internal sealed record ModelOptions
{
    // As Ollama has it.
    private const int DraftTokensDefault = 4;
    private const int StopCountMax = 256;
    private const int StopLengthMax = 4096;

    // Models with a context of a million tokens have a base of 10 million.
    private const float RopeFrequencyBaseMax = 1e9f;
    private const float RopeFrequencyScaleMax = 100f;

    /// <summary>Context length asked for; null when nobody did.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Tokens of one native call; null when nobody asked.</summary>
    public int? BatchTokens { get; init; }

    /// <summary>Layers on GPUs; −1 as many as fit.</summary>
    public int GpuLayerCount { get; init; } = -1;

    /// <summary>GPU that holds what cannot be split; null for the first.</summary>
    public int? MainGpu { get; init; }

    /// <summary>Maps the file; null leaves it to the engine.</summary>
    public bool? MemoryMapped { get; init; }

    /// <summary>Threads; 0 for one per core.</summary>
    public int ThreadCount { get; init; }

    /// <summary>Base frequency of rotary positions; 0 for the model's own.</summary>
    public float RopeFrequencyBase { get; init; }

    /// <summary>Scale of rotary frequencies; 0 for the model's own.</summary>
    public float RopeFrequencyScale { get; init; }

    /// <summary>Prompt tokens that a shift keeps; negative for all.</summary>
    public int KeepTokens { get; init; } = 4;

    /// <summary>Tokens to produce at most; negative for no limit of the client's.</summary>
    public int CompletionTokensMax { get; init; } = -1;

    /// <summary>Tokens to propose and verify in one step; 0 for none.</summary>
    public int DraftTokensMax { get; init; }

    /// <summary>Name of the model that proposes them; empty for none, null for the model's own.</summary>
    public string? DraftModel { get; init; }

    /// <summary>Texts that end the completion.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>GBNF that the completion follows; null or empty for none.</summary>
    public string? Grammar { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Names that no option has.</summary>
    public IReadOnlyList<string> UnknownNames { get; init; } = [];

    /// <summary>Merges and checks.</summary>
    /// <exception cref="ModelException">A value has the wrong type or is too large to be used.</exception>
    public static ModelOptions Read(
        string model, IReadOnlyDictionary<string, JsonElement> options, ModelDescription description)
    {
        var reader = new OptionReader(model, options, description.Parameters);
        var read = new ModelOptions
        {
            ContextTokens = reader.Integer("num_ctx"),
            BatchTokens = reader.Integer("num_batch"),
            GpuLayerCount = GpuLayers(reader.Integer("num_gpu") ?? -1, description.WeightsDescription),
            MainGpu = reader.Integer("main_gpu") is { } gpu and >= 0 ? Math.Min(gpu, 63) : null,
            MemoryMapped = reader.Boolean("use_mmap"),
            ThreadCount = Math.Clamp(reader.Integer("num_thread") ?? 0, 0, 512),
            RopeFrequencyBase = Math.Clamp(reader.Number("rope_frequency_base") ?? 0f, 0f, RopeFrequencyBaseMax),
            RopeFrequencyScale = Math.Clamp(reader.Number("rope_frequency_scale") ?? 0f, 0f, RopeFrequencyScaleMax),
            KeepTokens = reader.Integer("num_keep") ?? 4,
            CompletionTokensMax = reader.Integer("num_predict") ?? -1,
            DraftTokensMax = Math.Clamp(
                reader.Integer("draft_num_predict") ?? (description.Draft is null ? 0 : DraftTokensDefault),
                0,
                SequenceRequest.DraftCountMax),
            DraftModel = reader.Text(NamedDraft.OptionName),
            StopSequences = Stops(model, reader.Texts("stop") ?? []),
            Grammar = reader.Text(FormatGrammar.OptionName),
            Sampling = SamplingReader.Read(model, reader, description.WeightsDescription.VocabularySize),
        };
        return read with { UnknownNames = [.. reader.UnknownNames()] };
    }

    // One more than the layers: the output layer counts as one. A larger number means the same and shares the load key.
    private static int GpuLayers(int asked, WeightsDescription weights) =>
        asked < 0 ? -1 : Math.Min(asked, weights.LayerCount > 0 ? weights.LayerCount + 1 : 1024);

    private static IReadOnlyList<string> Stops(string model, IReadOnlyList<string> stops) =>
        stops.Count <= StopCountMax && stops.All(stop => stop.Length <= StopLengthMax)
            ? [.. stops.Where(stop => stop.Length > 0)]
            : throw new ModelException(
                ModelErrorCode.RequestInvalid, model,
                $"stop must hold at most {StopCountMax} texts of at most {StopLengthMax} characters");
}
