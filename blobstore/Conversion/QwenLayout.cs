using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>Qwen 2, 2.5 and 3, dense and with experts.</summary>
internal sealed class QwenLayout(string name, Hyperparameters config) : DecoderLayout(name, config)
{
    private static readonly Dictionary<string, string> QwenRules = new(CommonRules)
    {
        ["layers.{n}.mlp.gate"] = "ffn_gate_inp",
        ["layers.{n}.mlp.experts.{x}.gate_proj"] = "ffn_gate_exps",
        ["layers.{n}.mlp.experts.{x}.up_proj"] = "ffn_up_exps",
        ["layers.{n}.mlp.experts.{x}.down_proj"] = "ffn_down_exps",
        ["layers.{n}.mlp.shared_expert.gate_proj"] = "ffn_gate_shexp",
        ["layers.{n}.mlp.shared_expert.up_proj"] = "ffn_up_shexp",
        ["layers.{n}.mlp.shared_expert.down_proj"] = "ffn_down_shexp",
        ["layers.{n}.mlp.shared_expert_gate"] = "ffn_gate_inp_shexp",
    };

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Rules => QwenRules;

    /// <inheritdoc/>
    protected override double RopeBaseDefault => 1_000_000;

    /// <inheritdoc/>
    public override IReadOnlyList<ExpertMatrix> StackedIn(TensorName tensor) =>
        ExpertCount == 0 ? [] : StackedIn(tensor, Config.Count("moe_intermediate_size"));

    /// <inheritdoc/>
    public override void AddKeys(GgufKeys keys)
    {
        base.AddKeys(keys);
        if (ExpertCount == 0)
        {
            return;
        }

        Add(keys, "expert_count", (uint)ExpertCount);
        Add(keys, "expert_used_count", Config.Count("num_experts_per_tok"));
        Add(keys, "expert_feed_forward_length", Config.Count("moe_intermediate_size"));
        if (Config.FindCount("shared_expert_intermediate_size") is { } shared)
        {
            Add(keys, "expert_shared_feed_forward_length", shared);
        }
    }
}
