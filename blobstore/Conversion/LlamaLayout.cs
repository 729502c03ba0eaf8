using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>Llama and Mistral, and Mixtral with its experts.</summary>
internal sealed class LlamaLayout(Hyperparameters config) : DecoderLayout("llama", config)
{
    private static readonly Dictionary<string, string> LlamaRules = new(CommonRules)
    {
        ["layers.{n}.block_sparse_moe.gate"] = "ffn_gate_inp",
        ["layers.{n}.mlp.gate"] = "ffn_gate_inp",
        ["layers.{n}.block_sparse_moe.experts.{x}.w1"] = "ffn_gate_exps",
        ["layers.{n}.block_sparse_moe.experts.{x}.w2"] = "ffn_down_exps",
        ["layers.{n}.block_sparse_moe.experts.{x}.w3"] = "ffn_up_exps",
    };

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Rules => LlamaRules;

    /// <inheritdoc/>
    public override void AddKeys(GgufKeys keys)
    {
        base.AddKeys(keys);
        Add(keys, "rope.dimension_count", HeadLength);
        if (ExpertCount > 0)
        {
            Add(keys, "expert_count", (uint)ExpertCount);
            Add(keys, "expert_used_count", Config.Count("num_experts_per_tok"));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ExpertMatrix> StackedIn(TensorName tensor) =>
        StackedIn(tensor, Config.Count("intermediate_size"));

    /// <inheritdoc/>
    public override int AlternatingHeads(string target) =>
        target.Contains(".attn_q.", StringComparison.Ordinal) ? (int)HeadCount
        : target.Contains(".attn_k.", StringComparison.Ordinal) ? (int)KeyValueHeadCount : 0;

    /// <summary>Llama 3.1 divides low frequencies by a factor and lets those between fade over.</summary>
    public override IEnumerable<(string Name, float[] Values)> Constants()
    {
        if (Config.RopeType != "llama3")
        {
            yield break;
        }

        var factor = Config.Rope.Field("factor").AsReal() ?? 8;
        var low = Config.Rope.Field("low_freq_factor").AsReal() ?? 1;
        var high = Config.Rope.Field("high_freq_factor").AsReal() ?? 4;
        var context = Config.Rope.Field("original_max_position_embeddings").AsReal() ?? 8192;
        var factors = new float[HeadLength / 2];
        for (var index = 0; index < factors.Length; index++)
        {
            var wavelength = 2 * Math.PI * Math.Pow(Config.RopeBase ?? RopeBaseDefault, 2.0 * index / HeadLength);
            var smooth = ((context / wavelength) - low) / (high - low);
            factors[index] = (float)(wavelength < context / high ? 1
                : wavelength > context / low ? factor
                : 1 / (((1 - smooth) / factor) + smooth));
        }

        yield return ("rope_freqs.weight", factors);
    }
}
