using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>Phi-3, Phi-3.5 and Phi-4.</summary>
internal sealed class PhiLayout(Hyperparameters config) : DecoderLayout("phi3", config)
{
    private static readonly Dictionary<string, string> PhiRules = new(CommonRules)
    {
        ["layers.{n}.self_attn.qkv_proj"] = "attn_qkv",
        ["layers.{n}.mlp.gate_up_proj"] = "ffn_up",
    };

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Rules => PhiRules;

    private uint RotatedLength => (uint)(HeadLength
        * (Config.Rope.Field("partial_rotary_factor").AsReal() ?? Config.FindReal("partial_rotary_factor") ?? 1));

    /// <inheritdoc/>
    public override void AddKeys(GgufKeys keys)
    {
        base.AddKeys(keys);
        Add(keys, "rope.dimension_count", RotatedLength);

        // The engine tells Phi-4 from the others by a window of 0.
        Add(keys, "attention.sliding_window", Config.FindCount("sliding_window") ?? 0);
        if (Config.RopeType != "yarn")
        {
            Add(keys, "rope.scaling.original_context_length", OriginalContextLength);
        }

        if (Config.RopeType is "su" or "longrope")
        {
            // What the paper on LongRoPE gives attention for a context so many times longer.
            var times = (double)ContextLength / OriginalContextLength;
            Add(keys, "rope.scaling.attn_factor",
                times > 1 ? Math.Sqrt(1 + (Math.Log(times) / Math.Log(OriginalContextLength))) : 1);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, float[] Values)> Constants()
    {
        if (Config.RopeType is not ("su" or "longrope"))
        {
            yield break;
        }

        yield return ("rope_factors_long.weight", Factors("long_factor"));
        yield return ("rope_factors_short.weight", Factors("short_factor"));
    }

    private float[] Factors(string field)
    {
        float[] factors = [.. Config.Rope.Field(field).Items()
            .Select(item => (float)(((System.Text.Json.JsonElement?)item).AsReal() ?? double.NaN))];
        return factors.Length == RotatedLength / 2 && factors.All(float.IsFinite)
            ? factors
            : throw new ConversionException(
                $"The value '{field}' in config.json must be a list of {RotatedLength / 2} numbers.");
    }
}
