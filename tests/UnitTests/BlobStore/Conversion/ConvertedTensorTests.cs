using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Ollama.Platform.BlobStore.Conversion;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

/// <summary>
/// The numbers of converted tensors, against what the engine's own converter makes of the same ones: which rows change
/// places, what is added to norms, what stays fused, and how experts are stacked.
/// </summary>
public sealed class ConvertedTensorTests : IDisposable
{
    private const int Width = 32;
    private const int Heads = 4;
    private const int KeyHeads = 2;
    private const int HeadLength = Width / Heads;
    private const int Inner = 48;
    private const int Experts = 3;
    private const int Tokens = 1536;

    private readonly TemporaryFolder _folder = new();
    private readonly SafetensorsBuilder _tensors = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Llama_lets_the_halves_of_each_head_alternate_and_nothing_else()
    {
        AddAttention(biased: true);
        AddFeedForward();

        var made = Convert("LlamaForCausalLM", "{}");

        AssertRows(made, "attn_q", Alternating("self_attn.q_proj.weight", Heads, Width), Width);
        AssertRows(made, "attn_k", Alternating("self_attn.k_proj.weight", KeyHeads, Width), Width);
        Assert.Equal(Alternating("self_attn.q_proj.bias", Heads, 1), Floats(made, "blk.0.attn_q.bias"));
        Assert.Equal(Alternating("self_attn.k_proj.bias", KeyHeads, 1), Floats(made, "blk.0.attn_k.bias"));
        AssertSame(made, "attn_v", "self_attn.v_proj");
        AssertSame(made, "attn_output", "self_attn.o_proj");
        AssertSame(made, "ffn_gate", "mlp.gate_proj");
        AssertSame(made, "ffn_up", "mlp.up_proj");
        AssertSame(made, "ffn_down", "mlp.down_proj");
        Assert.Equal(Numbers("model.layers.0.input_layernorm.weight", Width), Floats(made, "blk.0.attn_norm.weight"));
        Assert.Equal(
            Numbers("model.layers.0.post_attention_layernorm.weight", Width), Floats(made, "blk.0.ffn_norm.weight"));
        Assert.Equal(Numbers("model.norm.weight", Width), Floats(made, "output_norm.weight"));
    }

    [Fact]
    public void Mixtral_stacks_each_kind_of_matrix_of_its_experts_in_their_order()
    {
        AddAttention();
        Add("model.layers.0.block_sparse_moe.gate.weight", Experts, Width);
        for (var expert = Experts - 1; expert >= 0; expert--)
        {
            var prefix = $"model.layers.0.block_sparse_moe.experts.{expert}.";
            Add(prefix + "w1.weight", Inner, Width);
            Add(prefix + "w2.weight", Width, Inner);
            Add(prefix + "w3.weight", Inner, Width);
        }

        var made = Convert("MixtralForCausalLM", """{"num_local_experts":3,"num_experts_per_tok":2}""");

        AssertRows(made, "attn_q", Alternating("self_attn.q_proj.weight", Heads, Width), Width);
        AssertStacked(made, "ffn_gate_exps", "block_sparse_moe.experts.{0}.w1", [Width, Inner, Experts]);
        AssertStacked(made, "ffn_down_exps", "block_sparse_moe.experts.{0}.w2", [Inner, Width, Experts]);
        AssertStacked(made, "ffn_up_exps", "block_sparse_moe.experts.{0}.w3", [Width, Inner, Experts]);

        // The router is small and decides: it keeps all its bits.
        Assert.Equal(
            Numbers("model.layers.0.block_sparse_moe.gate.weight", Experts * Width),
            Floats(made, "blk.0.ffn_gate_inp.weight"));
        Assert.Equal(("3", "2"), (made.Key("llama.expert_count"), made.Key("llama.expert_used_count")));
    }

    [Theory]
    [InlineData("Qwen2ForCausalLM", "qwen2")]
    [InlineData("Qwen3ForCausalLM", "qwen3")]
    public void Qwen_keeps_the_rows_of_its_heads(string architecture, string name)
    {
        AddAttention(biased: name == "qwen2", normed: name == "qwen3");
        AddFeedForward();

        var made = Convert(architecture, "{}");

        foreach (var (target, source) in new[] { ("attn_q", "q_proj"), ("attn_k", "k_proj"), ("attn_v", "v_proj") })
        {
            AssertSame(made, target, "self_attn." + source);
            if (name == "qwen2")
            {
                var rows = made.Tensors[$"blk.0.{target}.bias"].Length / sizeof(float);
                Assert.Equal(
                    Numbers($"model.layers.0.self_attn.{source}.bias", rows), Floats(made, $"blk.0.{target}.bias"));
            }
        }

        if (name == "qwen3")
        {
            Assert.Equal(
                Numbers("model.layers.0.self_attn.q_norm.weight", HeadLength),
                Floats(made, "blk.0.attn_q_norm.weight"));
        }

        Assert.Equal("1000000", made.Key(name + ".rope.freq_base"));
    }

    [Fact]
    public void Qwen_with_experts_stacks_them_and_keeps_the_shared_one_apart()
    {
        AddAttention(biased: true);
        Add("model.layers.0.mlp.gate.weight", Experts, Width);
        for (var expert = 0; expert < Experts; expert++)
        {
            AddFeedForward($"mlp.experts.{expert}.");
        }

        AddFeedForward("mlp.shared_expert.");
        Add("model.layers.0.mlp.shared_expert_gate.weight", 1, Width);

        var made = Convert(
            "Qwen2MoeForCausalLM",
            """
            {"num_experts":3,"num_experts_per_tok":2,"moe_intermediate_size":48,"shared_expert_intermediate_size":48}
            """);

        AssertStacked(made, "ffn_gate_exps", "mlp.experts.{0}.gate_proj", [Width, Inner, Experts]);
        AssertStacked(made, "ffn_up_exps", "mlp.experts.{0}.up_proj", [Width, Inner, Experts]);
        AssertStacked(made, "ffn_down_exps", "mlp.experts.{0}.down_proj", [Inner, Width, Experts]);
        AssertSame(made, "ffn_gate_shexp", "mlp.shared_expert.gate_proj");
        Assert.Equal(
            Numbers("model.layers.0.mlp.shared_expert_gate.weight", Width),
            Floats(made, "blk.0.ffn_gate_inp_shexp.weight"));
    }

    [Theory]
    [InlineData("GemmaForCausalLM")]
    [InlineData("Gemma2ForCausalLM")]
    [InlineData("Gemma3ForCausalLM")]
    public void Gemma_adds_one_to_every_norm_and_keeps_its_matrices(string architecture)
    {
        var isFirst = architecture == "GemmaForCausalLM";
        var isThird = architecture == "Gemma3ForCausalLM";
        AddAttention(normed: isThird);
        AddFeedForward();
        if (!isFirst)
        {
            Add("model.layers.0.pre_feedforward_layernorm.weight", Width);
            Add("model.layers.0.post_feedforward_layernorm.weight", Width);
        }

        var made = Convert(architecture, $$"""{"head_dim":{{HeadLength}},"sliding_window":32}""");

        AssertNorm("input_layernorm", "attn_norm");
        AssertNorm("post_attention_layernorm", isFirst ? "ffn_norm" : "post_attention_norm");
        if (!isFirst)
        {
            AssertNorm("pre_feedforward_layernorm", "ffn_norm");
            AssertNorm("post_feedforward_layernorm", "post_ffw_norm");
        }

        if (isThird)
        {
            AssertNorm("self_attn.q_norm", "attn_q_norm");
            AssertNorm("self_attn.k_norm", "attn_k_norm");
        }

        Assert.Equal(Plus(Numbers("model.norm.weight", Width), 1), Floats(made, "output_norm.weight"));
        AssertSame(made, "attn_q", "self_attn.q_proj");
        AssertSame(made, "attn_k", "self_attn.k_proj");
        AssertSame(made, "ffn_gate", "mlp.gate_proj");
        Assert.DoesNotContain("output.weight", made.Tensors.Keys);

        void AssertNorm(string source, string target)
        {
            var name = $"blk.0.{target}.weight";
            Assert.Equal(
                Plus(Numbers($"model.layers.0.{source}.weight", made.Tensors[name].Length / sizeof(float)), 1),
                Floats(made, name));
        }
    }

    [Fact]
    public void Phi_stays_fused_and_brings_its_factors()
    {
        Add("model.layers.0.self_attn.qkv_proj.weight", (Heads + (2 * KeyHeads)) * HeadLength, Width);
        Add("model.layers.0.self_attn.o_proj.weight", Width, Width);
        Add("model.layers.0.mlp.gate_up_proj.weight", 2 * Inner, Width);
        Add("model.layers.0.mlp.down_proj.weight", Width, Inner);
        Add("lm_head.weight", Tokens, Width);

        var made = Convert(
            "Phi3ForCausalLM",
            """
            {"original_max_position_embeddings":256,"rope_scaling":{"type":"longrope","partial_rotary_factor":0.5,
                "long_factor":[2,3],"short_factor":[1,1.5]}}
            """);

        AssertSame(made, "attn_qkv", "self_attn.qkv_proj");
        AssertSame(made, "attn_output", "self_attn.o_proj");
        AssertSame(made, "ffn_up", "mlp.gate_up_proj");
        AssertSame(made, "ffn_down", "mlp.down_proj");
        Assert.Equal(new float[] { 2, 3 }, Floats(made, "rope_factors_long.weight"));
        Assert.Equal(new[] { 1, 1.5f }, Floats(made, "rope_factors_short.weight"));
        Assert.Equal("4", made.Key("phi3.rope.dimension_count"));

        // For a context four times as long: √(1 + ln 4 ÷ ln 256).
        Assert.Equal(
            Math.Sqrt(1.25), made.Keys["phi3.rope.scaling.attn_factor"].GetDouble(), precision: 5);
    }

    private void AddAttention(bool biased = false, bool normed = false)
    {
        foreach (var (part, heads) in new[] { ("q_proj", Heads), ("k_proj", KeyHeads), ("v_proj", KeyHeads) })
        {
            Add($"model.layers.0.self_attn.{part}.weight", heads * HeadLength, Width);
            if (biased)
            {
                Add($"model.layers.0.self_attn.{part}.bias", heads * HeadLength);
            }
        }

        Add("model.layers.0.self_attn.o_proj.weight", Width, Width);
        if (normed)
        {
            Add("model.layers.0.self_attn.q_norm.weight", HeadLength);
            Add("model.layers.0.self_attn.k_norm.weight", HeadLength);
        }
    }

    private void AddFeedForward(string prefix = "mlp.")
    {
        Add($"model.layers.0.{prefix}gate_proj.weight", Inner, Width);
        Add($"model.layers.0.{prefix}up_proj.weight", Inner, Width);
        Add($"model.layers.0.{prefix}down_proj.weight", Width, Inner);
    }

    private void Add(string name, params long[] shape)
    {
        var numbers = Numbers(name, (int)shape.Aggregate(1L, (product, dimension) => product * dimension));
        var bytes = new byte[numbers.Length * 2];
        for (var index = 0; index < numbers.Length; index++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * index), (Half)numbers[index]);
        }

        _tensors.Add(name, "F16", shape, bytes);
    }

    /// <summary>Numbers that each type of float holds exactly, others for each name.</summary>
    private static float[] Numbers(string name, int count)
    {
        var salt = name.Aggregate(7, (hash, character) => ((hash * 31) + character) & 0xFFFF);
        return [.. Enumerable.Range(0, count).Select(index => (float)(((index * 37) + salt) % 251) - 125)];
    }

    private static float[] Plus(float[] numbers, float added) => [.. numbers.Select(number => number + added)];

    /// <summary>Row i of the first half of a head, then row i of the second half.</summary>
    private static float[] Alternating(string source, int heads, int rowLength)
    {
        var rows = Numbers("model.layers.0." + source, heads * HeadLength * rowLength).Chunk(rowLength).ToArray();
        return
        [
            .. rows.Chunk(HeadLength).SelectMany(head => Enumerable.Range(0, HeadLength / 2)
                .SelectMany(row => head[row].Concat(head[row + (HeadLength / 2)]))),
        ];
    }

    private static void AssertSame(GgufContent made, string target, string source) => AssertRows(
        made, target, Numbers($"model.layers.0.{source}.weight", made.Tensors[$"blk.0.{target}.weight"].Length / 2));

    private static void AssertRows(GgufContent made, string target, float[] expected, int rowLength = 0)
    {
        var tensor = made.File.Tensors.Single(tensor => tensor.Name == $"blk.0.{target}.weight");
        Assert.Equal("F16", tensor.Type.Name);
        Assert.True(rowLength == 0 || tensor.Shape[0] == rowLength);
        Assert.Equal(expected, Halfs(made, tensor.Name));
    }

    private static void AssertStacked(GgufContent made, string target, string source, long[] shape)
    {
        var name = $"blk.0.{target}.weight";
        Assert.Equal(shape, made.File.Tensors.Single(tensor => tensor.Name == name).Shape);
        Assert.Equal(
            Enumerable.Range(0, Experts).SelectMany(expert => Numbers(
                $"model.layers.0.{source.Replace("{0}", $"{expert}", StringComparison.Ordinal)}.weight",
                Width * Inner)),
            Halfs(made, name));
    }

    private static float[] Halfs(GgufContent made, string name) =>
        [.. made.Tensors[name].Chunk(2).Select(bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes))];

    private static float[] Floats(GgufContent made, string name) =>
        [.. made.Tensors[name].Chunk(4).Select(bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes))];

    private GgufContent Convert(string architecture, string more)
    {
        Add("model.embed_tokens.weight", Tokens, Width);
        Add("model.norm.weight", Width);
        Add("model.layers.0.input_layernorm.weight", Width);
        Add("model.layers.0.post_attention_layernorm.weight", Width);
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture),
            ["hidden_size"] = Width,
            ["num_hidden_layers"] = 1,
            ["num_attention_heads"] = Heads,
            ["num_key_value_heads"] = KeyHeads,
            ["intermediate_size"] = Inner,
            ["max_position_embeddings"] = 1024,
            ["rms_norm_eps"] = 1e-5,
            ["vocab_size"] = Tokens,
        };
        foreach (var (key, value) in JsonNode.Parse(more)!.AsObject())
        {
            config[key] = value?.DeepClone();
        }

        var (source, target) = (Path.Combine(_folder.Path, "source"), Path.Combine(_folder.Path, "target.gguf"));
        Directory.CreateDirectory(source);
        _tensors.Write(Path.Combine(source, "model.safetensors"));
        File.WriteAllText(Path.Combine(source, "config.json"), config.ToJsonString());
        foreach (var name in new[] { "tokenizer.json", "tokenizer_config.json" })
        {
            File.Copy(Path.Combine(TwinFolder.Originals, "tiny-chat", name), Path.Combine(source, name));
        }

        ModelConverter.Convert(
            new ConversionRequest { Source = ModelFolder.Open(source), TargetPath = target },
            TestContext.Current.CancellationToken);
        return new GgufContent(target);
    }
}
