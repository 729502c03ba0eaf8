using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>Gemma 1, 2 and 3; of those that see images, the language model.</summary>
internal sealed class GemmaLayout(string name, Hyperparameters config) : DecoderLayout(name, config)
{
    private static readonly Dictionary<string, string> GemmaRules = new(CommonRules)
    {
        ["layers.{n}.post_attention_layernorm"] = "post_attention_norm",
        ["layers.{n}.pre_feedforward_layernorm"] = "ffn_norm",
        ["layers.{n}.post_feedforward_layernorm"] = "post_ffw_norm",
    };

    private bool IsFirst => Name == "gemma";

    private bool IsThird => Name == "gemma3";

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Rules => IsFirst ? CommonRules : GemmaRules;

    // What the configs of Gemma 3 leave out is what its class has as defaults.
    /// <inheritdoc/>
    protected override uint HeadCount => Config.FindCount("num_attention_heads") ?? 8;

    /// <inheritdoc/>
    protected override uint KeyValueHeadCount => Config.FindCount("num_key_value_heads") ?? (IsThird ? 4 : HeadCount);

    /// <inheritdoc/>
    protected override uint HeadLength => Config.FindCount("head_dim") ?? 256;

    /// <inheritdoc/>
    protected override uint ContextLength =>
        Config.FindCount("max_position_embeddings") ?? (IsThird ? 131_072u : 8192u);

    /// <inheritdoc/>
    protected override double RopeBaseDefault => IsThird ? 1_000_000 : 10_000;

    /// <inheritdoc/>
    public override void AddKeys(GgufKeys keys)
    {
        base.AddKeys(keys);
        if (!keys.Contains($"{Name}.attention.key_length"))
        {
            Add(keys, "attention.key_length", HeadLength);
            Add(keys, "attention.value_length", HeadLength);
        }

        if (IsFirst)
        {
            return;
        }

        if (Config.FindReal("attn_logit_softcapping") is { } attention)
        {
            Add(keys, "attn_logit_softcapping", attention);
        }

        if (Config.FindReal("final_logit_softcapping") is { } final)
        {
            Add(keys, "final_logit_softcapping", final);
        }

        if (Config.FindCount("sliding_window") is { } window)
        {
            Add(keys, "attention.sliding_window", window);
        }

        if (IsThird)
        {
            Add(keys, "rope.freq_base_swa", Config.LocalRopeBase ?? 10_000);
        }
    }

    /// <summary>The output shares its matrix with the input; what sees images is no part of this file.</summary>
    public override bool Ignores(string tensorName) => base.Ignores(tensorName)
        || tensorName.EndsWith("lm_head.weight", StringComparison.Ordinal)
        || tensorName.Contains("vision_tower.", StringComparison.Ordinal)
        || tensorName.Contains("multi_modal_projector.", StringComparison.Ordinal);

    /// <summary>The engine multiplies with a norm as it is; the originals multiply with one more.</summary>
    public override float Added(string target) => target.EndsWith("norm.weight", StringComparison.Ordinal) ? 1 : 0;
}
