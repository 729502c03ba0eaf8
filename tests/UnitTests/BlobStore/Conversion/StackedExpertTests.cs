using System.Text.Json.Nodes;
using Ollama.Platform.BlobStore.Conversion;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

/// <summary>
/// Models whose files hold the experts of a layer in two tensors, as newer ones do: they become what the same model
/// with a tensor for each matrix becomes.
/// </summary>
public sealed class StackedExpertTests : IDisposable
{
    private const int Width = 64;
    private const int Inner = 48;
    private const int Experts = 4;
    private const int Layers = 2;
    private const int Tokens = 1536;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Architectures =>
        ["MixtralForCausalLM", "Qwen2MoeForCausalLM", "Qwen3MoeForCausalLM"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Experts_in_one_tensor_become_what_experts_of_their_own_become(string architecture)
    {
        var apart = Convert(
            architecture, "apart", architecture == "MixtralForCausalLM" ? AddMixtralExperts : AddExperts);
        var stacked = Convert(architecture, "stacked", AddStacked);

        Assert.Equal(File.ReadAllBytes(apart), File.ReadAllBytes(stacked));
        using var model = LlamaModel.Load(
            NativeModels.Library, stacked, new LlamaModelOptions(), null, TestContext.Current.CancellationToken);
        using var context = NativeModels.CreateContext(model);
        Assert.Equal(4, Greedy.Complete(context, [1, 2, 3], sequence: 0, tokensMax: 4).Count);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void The_names_may_end_as_those_of_other_tensors_do(string architecture)
    {
        var stacked = Convert(architecture, "stacked", AddStacked);
        var weights = Convert(architecture, "weights", (tensors, prefix) => AddStacked(tensors, prefix, ".weight"));

        Assert.Equal(File.ReadAllBytes(stacked), File.ReadAllBytes(weights));
    }

    [Theory]
    [InlineData("gate_up_proj", Experts, Width, 2 * Inner)]
    [InlineData("gate_up_proj", Experts - 1, 2 * Inner, Width)]
    [InlineData("gate_up_proj", Experts, Inner, Width)]
    [InlineData("gate_up_proj", Experts * 2 * Inner, Width)]
    [InlineData("down_proj", Experts, Inner, Width)]
    [InlineData("down_proj", Experts, 0, Inner)]
    public void Experts_of_another_shape_than_the_config_says_are_refused(string name, params int[] shape)
    {
        var failure = Assert.Throws<ConversionException>(() => Convert("Qwen3MoeForCausalLM", "odd",
            (tensors, prefix) => Add(
                tensors, $"{prefix}mlp.experts.{name}", [.. shape.Select(dimension => (long)dimension)])));

        Assert.Contains($"mlp.experts.{name}' has the shape [{string.Join(", ", shape)}]", failure.Message);
        Assert.Contains(
            name == "down_proj" ? $"make [{Experts}, {Width}, {Inner}]" : $"make [{Experts}, {2 * Inner}, {Width}]",
            failure.Message);
    }

    [Fact]
    public void An_expert_that_is_there_twice_is_refused()
    {
        var failure = Assert.Throws<ConversionException>(() => Convert("Qwen3MoeForCausalLM", "twice",
            (tensors, prefix) =>
            {
                AddStacked(tensors, prefix);
                AddExperts(tensors, prefix);
            }));

        Assert.Contains("are the same", failure.Message);
    }

    [Fact]
    public void A_model_without_experts_has_no_such_tensors()
    {
        var failure = Assert.Throws<ConversionException>(
            () => Convert("Qwen3ForCausalLM", "dense", AddStacked));

        Assert.Contains("is none that models of the architecture qwen3 have", failure.Message);
    }

    private string Convert(string architecture, string folder, Action<SafetensorsBuilder, string> addExperts)
    {
        var tensors = new SafetensorsBuilder();
        Add(tensors, "model.embed_tokens.weight", Tokens, Width);
        Add(tensors, "model.norm.weight", Width);
        Add(tensors, "lm_head.weight", Tokens, Width);
        for (var layer = 0; layer < Layers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            AddLayer(tensors, prefix, architecture);
            addExperts(tensors, prefix);
        }

        var source = Directory.CreateDirectory(Path.Combine(_folder.Path, folder)).FullName;
        tensors.Write(Path.Combine(source, "model.safetensors"));
        File.WriteAllText(Path.Combine(source, "config.json"), Config(architecture).ToJsonString());
        foreach (var name in new[] { "tokenizer.json", "tokenizer_config.json" })
        {
            File.Copy(Path.Combine(TwinFolder.Originals, "tiny-chat", name), Path.Combine(source, name));
        }

        var target = source + ".gguf";
        ModelConverter.Convert(
            new ConversionRequest { Source = ModelFolder.Open(source), TargetPath = target },
            TestContext.Current.CancellationToken);
        return target;
    }

    private static JsonObject Config(string architecture)
    {
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture),
            ["hidden_size"] = Width,
            ["head_dim"] = Width / 4,
            ["num_hidden_layers"] = Layers,
            ["num_attention_heads"] = 4,
            ["num_key_value_heads"] = 2,
            ["intermediate_size"] = Inner,
            ["max_position_embeddings"] = 1024,
            ["vocab_size"] = Tokens,
        };
        if (architecture != "Qwen3ForCausalLM")
        {
            config["num_experts"] = Experts;
            config["num_experts_per_tok"] = 2;
            config["moe_intermediate_size"] = Inner;
            config["shared_expert_intermediate_size"] = architecture.StartsWith("Qwen2", StringComparison.Ordinal)
                ? Inner
                : null;
        }

        return config;
    }

    private static void AddLayer(SafetensorsBuilder tensors, string prefix, string architecture)
    {
        Add(tensors, prefix + "input_layernorm.weight", Width);
        Add(tensors, prefix + "post_attention_layernorm.weight", Width);
        Add(tensors, prefix + "self_attn.q_proj.weight", Width, Width);
        Add(tensors, prefix + "self_attn.k_proj.weight", Width / 2, Width);
        Add(tensors, prefix + "self_attn.v_proj.weight", Width / 2, Width);
        Add(tensors, prefix + "self_attn.o_proj.weight", Width, Width);
        Add(tensors, prefix + "mlp.gate.weight", Experts, Width);
        switch (architecture)
        {
            case "Qwen2MoeForCausalLM":
                Add(tensors, prefix + "self_attn.q_proj.bias", Width);
                Add(tensors, prefix + "self_attn.k_proj.bias", Width / 2);
                Add(tensors, prefix + "self_attn.v_proj.bias", Width / 2);
                Add(tensors, prefix + "mlp.shared_expert.gate_proj.weight", Inner, Width);
                Add(tensors, prefix + "mlp.shared_expert.up_proj.weight", Inner, Width);
                Add(tensors, prefix + "mlp.shared_expert.down_proj.weight", Width, Inner);
                Add(tensors, prefix + "mlp.shared_expert_gate.weight", 1, Width);
                break;
            case "Qwen3MoeForCausalLM":
                Add(tensors, prefix + "self_attn.q_norm.weight", Width / 4);
                Add(tensors, prefix + "self_attn.k_norm.weight", Width / 4);
                break;
            default:
                break;
        }
    }

    private static void AddExperts(SafetensorsBuilder tensors, string prefix)
    {
        for (var expert = 0; expert < Experts; expert++)
        {
            var name = $"{prefix}mlp.experts.{expert}.";
            tensors.Add(name + "gate_proj.weight", "BF16", [Inner, Width], Gate(prefix, expert));
            tensors.Add(name + "up_proj.weight", "BF16", [Inner, Width], Up(prefix, expert));
            tensors.Add(name + "down_proj.weight", "BF16", [Width, Inner], Down(prefix, expert));
        }
    }

    private static void AddMixtralExperts(SafetensorsBuilder tensors, string prefix)
    {
        for (var expert = 0; expert < Experts; expert++)
        {
            var name = $"{prefix}block_sparse_moe.experts.{expert}.";
            tensors.Add(name + "w1.weight", "BF16", [Inner, Width], Gate(prefix, expert));
            tensors.Add(name + "w3.weight", "BF16", [Inner, Width], Up(prefix, expert));
            tensors.Add(name + "w2.weight", "BF16", [Width, Inner], Down(prefix, expert));
        }
    }

    private static void AddStacked(SafetensorsBuilder tensors, string prefix) => AddStacked(tensors, prefix, "");

    private static void AddStacked(SafetensorsBuilder tensors, string prefix, string suffix)
    {
        var experts = Enumerable.Range(0, Experts).ToList();
        tensors.Add(
            $"{prefix}mlp.experts.gate_up_proj{suffix}", "BF16", [Experts, 2 * Inner, Width],
            [.. experts.SelectMany(expert => Gate(prefix, expert).Concat(Up(prefix, expert)))]);
        tensors.Add(
            $"{prefix}mlp.experts.down_proj{suffix}", "BF16", [Experts, Width, Inner],
            [.. experts.SelectMany(expert => Down(prefix, expert))]);
    }

    private static byte[] Gate(string prefix, int expert) => Numbers($"{prefix}gate{expert}", Inner * Width);

    private static byte[] Up(string prefix, int expert) => Numbers($"{prefix}up{expert}", Inner * Width);

    private static byte[] Down(string prefix, int expert) => Numbers($"{prefix}down{expert}", Inner * Width);

    /// <summary>Small numbers in BF16, the same for each name.</summary>
    private static byte[] Numbers(string name, long count)
    {
        var random = new Random(name.Aggregate(7, (hash, character) => ((hash * 31) + character) & 0xFFFFFF));
        var bytes = new byte[count * 2];
        for (var index = 0; index < bytes.Length; index += 2)
        {
            // The exponent of numbers below 0.125, any mantissa, any sign.
            bytes[index] = (byte)random.Next(0x80);
            bytes[index + 1] = (byte)(0x3D | (random.Next(2) << 7));
        }

        return bytes;
    }

    private static void Add(SafetensorsBuilder tensors, string name, params long[] shape) => tensors.Add(
        name, "BF16", shape, Numbers(name, shape.Aggregate(1L, (product, dimension) => product * dimension)));
}
