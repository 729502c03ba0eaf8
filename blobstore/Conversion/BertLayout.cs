using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>BERT and its kin, which make vectors of texts.</summary>
internal sealed class BertLayout(Hyperparameters config) : ArchitectureLayout("bert", config)
{
    private static readonly Dictionary<string, string> BertRules = new()
    {
        ["embeddings.word_embeddings"] = "token_embd",
        ["embeddings.position_embeddings"] = "position_embd",
        ["embeddings.token_type_embeddings"] = "token_types",
        ["embeddings.LayerNorm"] = "token_embd_norm",
        ["encoder.layer.{n}.attention.self.query"] = "attn_q",
        ["encoder.layer.{n}.attention.self.key"] = "attn_k",
        ["encoder.layer.{n}.attention.self.value"] = "attn_v",
        ["encoder.layer.{n}.attention.output.dense"] = "attn_output",
        ["encoder.layer.{n}.attention.output.LayerNorm"] = "attn_output_norm",
        ["encoder.layer.{n}.intermediate.dense"] = "ffn_up",
        ["encoder.layer.{n}.output.dense"] = "ffn_down",
        ["encoder.layer.{n}.output.LayerNorm"] = "layer_output_norm",
    };

    /// <inheritdoc/>
    public override bool IsEncoder => true;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Rules => BertRules;

    /// <inheritdoc/>
    public override void AddKeys(GgufKeys keys)
    {
        Add(keys, "vocab_size", Config.Count("vocab_size"));
        Add(keys, "context_length", Config.Count("max_position_embeddings"));
        Add(keys, "embedding_length", Config.Count("hidden_size"));
        Add(keys, "feed_forward_length", Config.Count("intermediate_size"));
        Add(keys, "block_count", (uint)LayerCount);
        Add(keys, "attention.head_count", Config.Count("num_attention_heads"));
        Add(keys, "attention.layer_norm_epsilon", Config.FindReal("layer_norm_eps") ?? 1e-12);
        keys.Add($"{Name}.attention.causal", false);
    }

    /// <summary>The heads of the training tasks are left out.</summary>
    public override bool Ignores(string tensorName) => base.Ignores(tensorName)
        || tensorName.EndsWith("embeddings.position_ids", StringComparison.Ordinal)
        || tensorName.StartsWith("cls.", StringComparison.Ordinal)
        || tensorName.Contains("pooler.dense.", StringComparison.Ordinal);
}
