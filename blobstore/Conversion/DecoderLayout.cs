using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>What most models that write text have in common.</summary>
internal abstract class DecoderLayout(string name, Hyperparameters config) : ArchitectureLayout(name, config)
{
    protected static readonly IReadOnlyDictionary<string, string> CommonRules = new Dictionary<string, string>
    {
        ["embed_tokens"] = "token_embd",
        ["norm"] = "output_norm",
        ["lm_head"] = "output",
        ["layers.{n}.input_layernorm"] = "attn_norm",
        ["layers.{n}.self_attn.q_proj"] = "attn_q",
        ["layers.{n}.self_attn.k_proj"] = "attn_k",
        ["layers.{n}.self_attn.v_proj"] = "attn_v",
        ["layers.{n}.self_attn.o_proj"] = "attn_output",
        ["layers.{n}.self_attn.q_norm"] = "attn_q_norm",
        ["layers.{n}.self_attn.k_norm"] = "attn_k_norm",
        ["layers.{n}.post_attention_layernorm"] = "ffn_norm",
        ["layers.{n}.mlp.gate_proj"] = "ffn_gate",
        ["layers.{n}.mlp.up_proj"] = "ffn_up",
        ["layers.{n}.mlp.down_proj"] = "ffn_down",
    };

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Rules => CommonRules;

    /// <summary>Number of query heads.</summary>
    protected virtual uint HeadCount => Config.Count("num_attention_heads");

    /// <summary>Number of key and value heads.</summary>
    protected virtual uint KeyValueHeadCount => Config.FindCount("num_key_value_heads") ?? HeadCount;

    /// <summary>Length of a head.</summary>
    protected virtual uint HeadLength => Config.FindCount("head_dim") ?? Config.Count("hidden_size") / HeadCount;

    /// <summary>Base of the rotation where the config says none.</summary>
    protected virtual double RopeBaseDefault => 10_000;

    /// <inheritdoc/>
    public override void AddKeys(GgufKeys keys)
    {
        if (Config.FindCount("vocab_size") is { } vocabulary)
        {
            Add(keys, "vocab_size", vocabulary);
        }

        Add(keys, "context_length", ContextLength);
        Add(keys, "embedding_length", Config.Count("hidden_size"));
        Add(keys, "block_count", (uint)LayerCount);
        Add(keys, "feed_forward_length", Config.Count("intermediate_size"));
        Add(keys, "attention.head_count", HeadCount);
        Add(keys, "attention.head_count_kv", KeyValueHeadCount);
        Add(keys, "attention.layer_norm_rms_epsilon", Config.FindReal("rms_norm_eps") ?? 1e-6);
        if (Config.FindCount("head_dim") is not null || HeadLength * HeadCount != Config.Count("hidden_size"))
        {
            Add(keys, "attention.key_length", HeadLength);
            Add(keys, "attention.value_length", HeadLength);
        }

        AddRope(keys);
    }

    /// <summary>
    /// Newer files hold the experts of a layer in two tensors, one of them with both matrices that widen; the engine
    /// wants a tensor for each kind.
    /// </summary>
    /// <param name="tensor">The tensor of the file.</param>
    /// <param name="innerLength">Width of an expert.</param>
    protected IReadOnlyList<ExpertMatrix> StackedIn(TensorName tensor, uint innerLength)
    {
        if (ExpertCount == 0 || tensor.Suffix == "bias")
        {
            return [];
        }

        var (layer, width) = ($"blk.{tensor.Layer}.", Config.Count("hidden_size"));
        return tensor.Pattern switch
        {
            "layers.{n}.mlp.experts.gate_up_proj" =>
            [
                new ExpertMatrix(layer + "ffn_gate_exps.weight", innerLength, width),
                new ExpertMatrix(layer + "ffn_up_exps.weight", innerLength, width),
            ],
            "layers.{n}.mlp.experts.down_proj" =>
                [new ExpertMatrix(layer + "ffn_down_exps.weight", width, innerLength)],
            _ => [],
        };
    }

    /// <summary>Tokens that the model was made for.</summary>
    protected virtual uint ContextLength => Config.Count("max_position_embeddings", "n_positions");

    private void AddRope(GgufKeys keys)
    {
        Add(keys, "rope.freq_base", Config.RopeBase ?? RopeBaseDefault);
        var factor = Config.Rope.Field("factor").AsReal();
        switch (Config.RopeType)
        {
            case "linear" when factor is not null:
                keys.Add($"{Name}.rope.scaling.type", "linear");
                Add(keys, "rope.scaling.factor", factor.Value);
                break;
            case "yarn" when factor is not null:
                keys.Add($"{Name}.rope.scaling.type", "yarn");
                Add(keys, "rope.scaling.factor", factor.Value);
                Add(keys, "rope.scaling.original_context_length", OriginalContextLength);
                AddReal(keys, "extrapolation_factor", "rope.scaling.yarn_ext_factor");
                AddReal(keys, "attention_factor", "rope.scaling.yarn_attn_factor");
                AddReal(keys, "beta_fast", "rope.scaling.yarn_beta_fast");
                AddReal(keys, "beta_slow", "rope.scaling.yarn_beta_slow");
                break;
            case "su" or "longrope":
                keys.Add($"{Name}.rope.scaling.type", "longrope");
                break;
            case null or "llama3":
                break;
            default:
                throw new ConversionException($"The RoPE scaling '{Config.RopeType}' is not supported.");
        }
    }

    /// <summary>Context of the model before its positions were stretched.</summary>
    protected uint OriginalContextLength =>
        (uint?)Config.Rope.Field("original_max_position_embeddings").AsCount()
        ?? Config.Count("original_max_position_embeddings", "max_position_embeddings");

    private void AddReal(GgufKeys keys, string field, string key)
    {
        if (Config.Rope.Field(field).AsReal() is { } value)
        {
            Add(keys, key, value);
        }
    }
}
