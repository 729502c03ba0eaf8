using System.Text.Json.Nodes;
using Ollama.Platform.BlobStore.Conversion;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

/// <summary>
/// A small model with random numbers of each architecture: the engine checks the name and the shape of each tensor
/// when it loads one, and decodes with it.
/// </summary>
public sealed class ArchitectureTests : IDisposable
{
    private const int Width = 64;
    private const int HeadLength = 16;
    private const int Inner = 96;
    private const int Tokens = 1536;

    private readonly TemporaryFolder _folder = new();
    private readonly SafetensorsBuilder _tensors = new();
    private readonly Random _random = new(7);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("LlamaForCausalLM", "llama",
        """
        {"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,
            "original_max_position_embeddings":256}}
        """)]
    [InlineData("MistralForCausalLM", "llama", "{}")]
    [InlineData("MixtralForCausalLM", "llama",
        """{"num_local_experts":4,"num_experts_per_tok":2}""")]
    [InlineData("Qwen2ForCausalLM", "qwen2",
        """{"rope_scaling":{"type":"yarn","factor":4.0,"original_max_position_embeddings":256}}""")]
    [InlineData("Qwen2MoeForCausalLM", "qwen2moe",
        """
        {"num_experts":4,"num_experts_per_tok":2,"moe_intermediate_size":32,"shared_expert_intermediate_size":48}
        """)]
    [InlineData("Qwen3ForCausalLM", "qwen3",
        """{"head_dim":16}""")]
    [InlineData("Qwen3MoeForCausalLM", "qwen3moe",
        """{"head_dim":16,"num_experts":4,"num_experts_per_tok":2,"moe_intermediate_size":32}""")]
    [InlineData("GemmaForCausalLM", "gemma",
        """{"head_dim":16}""")]
    [InlineData("Gemma2ForCausalLM", "gemma2",
        """
        {"head_dim":16,"sliding_window":32,"attn_logit_softcapping":50.0,"final_logit_softcapping":30.0}
        """)]
    [InlineData("Gemma3ForCausalLM", "gemma3",
        """{"head_dim":16,"sliding_window":32,"rope_local_base_freq":10000}""")]
    [InlineData("Phi3ForCausalLM", "phi3",
        """
        {"original_max_position_embeddings":256,"rope_scaling":{"type":"longrope",
            "long_factor":[1,1,2,2,3,3,4,4],"short_factor":[1,1,1,1,1,1,1,1]}}
        """)]
    public void A_converted_model_loads_and_decodes(string architecture, string name, string more)
    {
        var config = Config(architecture, more);
        AddDecoder(architecture);
        var target = Convert(config, "tiny-chat");

        using var model = LlamaModel.Load(
            NativeModels.Library, target, new LlamaModelOptions(), null, TestContext.Current.CancellationToken);
        using var context = NativeModels.CreateContext(model);
        Assert.Equal(name, model.Metadata["general.architecture"]);
        Assert.Equal(4, Greedy.Complete(context, [1, 2, 3], sequence: 0, tokensMax: 4).Count);
        Assert.All(context.ReadLogits(0).ToArray(), logit => Assert.True(float.IsFinite(logit)));
    }

    [Fact]
    public void A_converted_nomic_model_loads()
    {
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("NomicBertModel"),
            ["n_embd"] = Width,
            ["n_head"] = 4,
            ["n_inner"] = Inner,
            ["n_layer"] = 2,
            ["n_positions"] = 8192,
            ["max_trained_positions"] = 2048,
            ["vocab_size"] = 2048,
            ["type_vocab_size"] = 2,
            ["layer_norm_epsilon"] = 1e-12,
            ["rotary_emb_base"] = 1000,
            ["activation_function"] = "swiglu",
        };
        Add("embeddings.word_embeddings.weight", 2048, Width);
        Add("embeddings.token_type_embeddings.weight", 2, Width);
        AddNorm("emb_ln");
        for (var layer = 0; layer < 2; layer++)
        {
            var prefix = $"encoder.layers.{layer}.";
            Add(prefix + "attn.Wqkv.weight", 3 * Width, Width);
            Add(prefix + "attn.out_proj.weight", Width, Width);
            Add(prefix + "mlp.fc11.weight", Inner, Width);
            Add(prefix + "mlp.fc12.weight", Inner, Width);
            Add(prefix + "mlp.fc2.weight", Width, Inner);
            AddNorm(prefix + "norm1");
            AddNorm(prefix + "norm2");
        }

        var target = Convert(config, "tiny-embed");

        using var model = LlamaModel.Load(
            NativeModels.Library, target, new LlamaModelOptions(), null, TestContext.Current.CancellationToken);
        Assert.Equal(("nomic-bert", "2048"),
            (model.Metadata["general.architecture"], model.Metadata["nomic-bert.context_length"]));
    }

    private static JsonObject Config(string architecture, string more)
    {
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture),
            ["hidden_size"] = Width,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["num_key_value_heads"] = 2,
            ["intermediate_size"] = Inner,
            ["max_position_embeddings"] = 1024,
            ["rms_norm_eps"] = 1e-5,
            ["vocab_size"] = Tokens,
        };
        foreach (var (key, value) in JsonNode.Parse(more)!.AsObject())
        {
            config[key] = value?.DeepClone();
        }

        return config;
    }

    private void AddDecoder(string architecture)
    {
        var isMoe = architecture.Contains("Moe", StringComparison.Ordinal);
        var isPhi = architecture.StartsWith("Phi", StringComparison.Ordinal);
        Add("model.embed_tokens.weight", Tokens, Width);
        Add("model.norm.weight", Width);
        if (isPhi || architecture == "Qwen2MoeForCausalLM")
        {
            Add("lm_head.weight", Tokens, Width);
        }

        for (var layer = 0; layer < 2; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            Add(prefix + "input_layernorm.weight", Width);
            Add(prefix + "post_attention_layernorm.weight", Width);
            if (architecture is "Gemma2ForCausalLM" or "Gemma3ForCausalLM")
            {
                Add(prefix + "pre_feedforward_layernorm.weight", Width);
                Add(prefix + "post_feedforward_layernorm.weight", Width);
            }

            AddAttention(prefix + "self_attn.", architecture, isPhi);
            if (architecture == "MixtralForCausalLM" || isMoe)
            {
                AddExperts(prefix, architecture);
            }
            else if (isPhi)
            {
                Add(prefix + "mlp.gate_up_proj.weight", 2 * Inner, Width);
                Add(prefix + "mlp.down_proj.weight", Width, Inner);
            }
            else
            {
                AddFeedForward(prefix + "mlp.", Inner);
            }
        }
    }

    private void AddAttention(string prefix, string architecture, bool isFused)
    {
        if (isFused)
        {
            Add(prefix + "qkv_proj.weight", (4 + 2 + 2) * HeadLength, Width);
        }
        else
        {
            foreach (var (part, heads) in new[] { ("q_proj", 4), ("k_proj", 2), ("v_proj", 2) })
            {
                Add(prefix + part + ".weight", heads * HeadLength, Width);
                if (architecture.StartsWith("Qwen2", StringComparison.Ordinal))
                {
                    Add(prefix + part + ".bias", heads * HeadLength);
                }
            }
        }

        Add(prefix + "o_proj.weight", Width, 4 * HeadLength);
        if (architecture.StartsWith("Qwen3", StringComparison.Ordinal) || architecture == "Gemma3ForCausalLM")
        {
            Add(prefix + "q_norm.weight", HeadLength);
            Add(prefix + "k_norm.weight", HeadLength);
        }
    }

    private void AddExperts(string prefix, string architecture)
    {
        if (architecture == "MixtralForCausalLM")
        {
            Add(prefix + "block_sparse_moe.gate.weight", 4, Width);
            for (var expert = 0; expert < 4; expert++)
            {
                var name = $"{prefix}block_sparse_moe.experts.{expert}.";
                Add(name + "w1.weight", Inner, Width);
                Add(name + "w2.weight", Width, Inner);
                Add(name + "w3.weight", Inner, Width);
            }

            return;
        }

        Add(prefix + "mlp.gate.weight", 4, Width);
        for (var expert = 0; expert < 4; expert++)
        {
            AddFeedForward($"{prefix}mlp.experts.{expert}.", 32);
        }

        if (architecture.StartsWith("Qwen2", StringComparison.Ordinal))
        {
            AddFeedForward(prefix + "mlp.shared_expert.", 48);
            Add(prefix + "mlp.shared_expert_gate.weight", 1, Width);
        }
    }

    private void AddFeedForward(string prefix, int inner)
    {
        Add(prefix + "gate_proj.weight", inner, Width);
        Add(prefix + "up_proj.weight", inner, Width);
        Add(prefix + "down_proj.weight", Width, inner);
    }

    private void AddNorm(string name)
    {
        Add(name + ".weight", Width);
        Add(name + ".bias", Width);
    }

    private void Add(string name, params long[] shape) => _tensors.Random(name, "BF16", _random, shape);

    private string Convert(JsonObject config, string tokenizerOf)
    {
        var (source, target) = (Path.Combine(_folder.Path, "source"), Path.Combine(_folder.Path, "target.gguf"));
        Directory.CreateDirectory(source);
        _tensors.Write(Path.Combine(source, "model.safetensors"));
        File.WriteAllText(Path.Combine(source, "config.json"), config.ToJsonString());
        foreach (var name in new[] { "tokenizer.json", "tokenizer_config.json" })
        {
            File.Copy(Path.Combine(TwinFolder.Originals, tokenizerOf, name), Path.Combine(source, name));
        }

        ModelConverter.Convert(
            new ConversionRequest { Source = ModelFolder.Open(source), TargetPath = target },
            TestContext.Current.CancellationToken);
        return target;
    }
}
