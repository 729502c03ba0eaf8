using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Models;

/// <summary>Turns a resolved model and its options into what to load. Pure.</summary>
internal static class LoadPlanner
{
    private const int ContextTokensMin = 4;

    // No model is trained beyond 10 M tokens; the bound keeps cells × slots within an int.
    private const int ContextTokensMax = 16 * 1024 * 1024;
    private const int BatchTokensDefault = 512;
    private const int BatchTokensMin = 32;
    private const int BatchTokensMax = 4096;

    private const int BlockLength = 32;

    // An embedding input must fit into one native call, whose attention buffers grow with the square of it.
    private const int EmbeddingTokensMax = 8192;

    /// <summary>Plans the load.</summary>
    /// <param name="model">The resolved model.</param>
    /// <param name="options">The merged options.</param>
    /// <param name="contextTokensDefault">Context length when nobody asked for one.</param>
    /// <param name="silo">What the operator set.</param>
    public static LoadPlan Plan(
        ModelDescription model, ModelOptions options, int contextTokensDefault, SiloOptions silo)
    {
        var trained = model.WeightsDescription.ContextTokensTrained;
        var limit = trained > 0 ? Math.Min(trained, ContextTokensMax) : ContextTokensMax;
        var context = Math.Max(Math.Min(options.ContextTokens ?? contextTokensDefault, limit), ContextTokensMin);
        var embedding = model.WeightsDescription.HasPooling;
        return new LoadPlan
        {
            Model = model,
            ContextTokens = context,
            ContextAutomatic = options.ContextTokens is null && silo.ContextTokens == 0,
            BatchTokens = embedding
                ? Math.Min(context, EmbeddingTokensMax)
                : Math.Clamp(options.BatchTokens ?? BatchTokensDefault, BatchTokensMin, BatchTokensMax),
            GpuLayerCount = options.GpuLayerCount,
            MainGpu = options.MainGpu,
            MemoryMapped = options.MemoryMapped,
            ThreadCount = options.ThreadCount,
            KeyValueType = embedding ? KeyValueType.F16 : ChooseType(silo, model.WeightsDescription),
            FlashAttention = silo.FlashAttention,
            RopeFrequencyBase = options.RopeFrequencyBase,
            RopeFrequencyScale = options.RopeFrequencyScale,
            Embedding = embedding,
            // Vectors are computed in one piece: there is nothing to propose.
            Draft = embedding ? null : model.Draft,
        };
    }

    // Blocks of 32 numbers must not reach from one head into the next, and only flash attention reads values that are
    // no floats; the engine refuses both.
    private static KeyValueType ChooseType(SiloOptions silo, WeightsDescription weights)
    {
        var quantized = silo.KeyValueType is not (KeyValueType.F16 or KeyValueType.F32 or KeyValueType.BF16);
        var possible = silo.FlashAttention is not false
            && weights.KeyLength % BlockLength == 0 && weights.ValueLength % BlockLength == 0;
        return quantized && !possible ? KeyValueType.F16 : silo.KeyValueType;
    }
}
