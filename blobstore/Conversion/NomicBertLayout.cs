using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>nomic-bert, which rotates positions and gates its inner layer.</summary>
internal sealed class NomicBertLayout : ArchitectureLayout
{
    private static readonly Dictionary<string, string> NomicRules = new()
    {
        ["embeddings.word_embeddings"] = "token_embd",
        ["embeddings.token_type_embeddings"] = "token_types",
        ["emb_ln"] = "token_embd_norm",
        ["encoder.layers.{n}.attn.Wqkv"] = "attn_qkv",
        ["encoder.layers.{n}.attn.out_proj"] = "attn_output",
        ["encoder.layers.{n}.norm1"] = "attn_output_norm",
        ["encoder.layers.{n}.mlp.fc11"] = "ffn_up",
        ["encoder.layers.{n}.mlp.fc12"] = "ffn_gate",
        ["encoder.layers.{n}.mlp.fc2"] = "ffn_down",
        ["encoder.layers.{n}.norm2"] = "layer_output_norm",
    };

    public NomicBertLayout(Hyperparameters config)
        : base("nomic-bert", config)
    {
        if (config.FindCount("moe_every_n_layers") is > 0)
        {
            throw new ConversionException("Nomic models with experts are not supported.");
        }

        if (config.FindBool("prenorm") == true || config.FindBool("qkv_proj_bias") == true
            || config.FindText("activation_function") is not (null or "swiglu"))
        {
            throw new ConversionException("This variant of NomicBertModel is not supported.");
        }
    }

    /// <inheritdoc/>
    public override bool IsEncoder => true;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Rules => NomicRules;

    // The config names 8192 positions; the model was trained on 2048.
    private uint ContextLength => Math.Min(
        Config.Count("n_positions", "max_position_embeddings"), Config.FindCount("max_trained_positions") ?? 2048);

    /// <inheritdoc/>
    public override void AddKeys(GgufKeys keys)
    {
        Add(keys, "vocab_size", Config.Count("vocab_size"));
        Add(keys, "context_length", ContextLength);
        Add(keys, "embedding_length", Config.Count("n_embd", "hidden_size"));
        Add(keys, "feed_forward_length", Config.Count("n_inner", "intermediate_size"));
        Add(keys, "block_count", (uint)LayerCount);
        Add(keys, "attention.head_count", Config.Count("n_head", "num_attention_heads"));
        Add(keys, "attention.layer_norm_epsilon", Config.FindReal("layer_norm_epsilon", "layer_norm_eps") ?? 1e-12);
        Add(keys, "rope.freq_base", Config.FindReal("rotary_emb_base") ?? 10_000);
        keys.Add($"{Name}.attention.causal", false);
    }

    /// <summary>The heads of the training tasks are left out.</summary>
    public override bool Ignores(string tensorName) => base.Ignores(tensorName)
        || tensorName.StartsWith("cls.", StringComparison.Ordinal)
        || tensorName.StartsWith("pooler.", StringComparison.Ordinal);
}
