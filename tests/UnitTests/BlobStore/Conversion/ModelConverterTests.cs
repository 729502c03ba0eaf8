using Ollama.Platform.BlobStore.Conversion;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

public sealed class ModelConverterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Source => Path.Combine(_folder.Path, "source");

    private string Target => Path.Combine(_folder.Path, "target.gguf");

    public ModelConverterTests() => Directory.CreateDirectory(Source);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tiny-chat", 1)]
    [InlineData("tiny-chat", 3)]
    [InlineData("tiny-embed", 1)]
    public void A_twin_becomes_the_shipped_model_tensor_by_tensor(string model, int fileCount)
    {
        TwinFolder.Write(model, Source, fileCount);

        Convert();

        var (made, shipped) = (new GgufContent(Target), new GgufContent(TwinFolder.GgufOf(model)));
        Assert.Equal(shipped.Tensors.Keys.Order(), made.Tensors.Keys.Order());
        foreach (var tensor in shipped.File.Tensors)
        {
            var same = made.File.Tensors.Single(other => other.Name == tensor.Name);
            Assert.Equal((tensor.Type, string.Join(',', tensor.Shape)), (same.Type, string.Join(',', same.Shape)));
            Assert.True(shipped.Tensors[tensor.Name].AsSpan().SequenceEqual(made.Tensors[tensor.Name]), tensor.Name);
        }
    }

    [Theory]
    [InlineData("tiny-chat")]
    [InlineData("tiny-embed")]
    public void A_twin_has_every_key_of_the_shipped_model_that_shapes_it(string model)
    {
        TwinFolder.Write(model, Source);

        Convert();

        // The names, the scores that WordPiece does not use and an end of turn that equals the end are left out.
        string[] others =
        [
            "general.license", "general.description", "general.size_label", "tokenizer.ggml.eot_token_id",
            "tokenizer.ggml.fim_pad_token_id", "tokenizer.ggml.add_eos_token",
        ];
        var (made, shipped) = (new GgufContent(Target), new GgufContent(TwinFolder.GgufOf(model)));
        foreach (var key in shipped.Keys.Keys.Except(others))
        {
            if (key != "tokenizer.ggml.scores")
            {
                Assert.True(made.Keys.ContainsKey(key), key);
                Assert.Equal((key, shipped.Key(key)), (key, made.Key(key)));
            }
        }

        Assert.Equal(shipped.File.FindText("tokenizer.chat_template"), made.File.FindText("tokenizer.chat_template"));
    }

    [Fact]
    public void Matrices_become_what_was_asked_for()
    {
        TwinFolder.Write("tiny-embed", Source);

        Convert("F32");

        var made = new GgufContent(Target);
        Assert.All(made.File.Tensors, tensor => Assert.Equal("F32", tensor.Type.Name));
        Assert.Equal("0", made.Key("general.file_type"));
        var halves = new GgufContent(TwinFolder.GgufOf("tiny-embed")).Tensors["blk.0.ffn_up.weight"];
        Assert.Equal(
            (float)BitConverter.ToHalf(halves, 10), BitConverter.ToSingle(made.Tensors["blk.0.ffn_up.weight"], 20));
    }

    [Theory]
    [InlineData("LlamaForCausalLM", "GPTBigCodeForCausalLM", "unsupported architecture \"GPTBigCodeForCausalLM\"")]
    [InlineData("\"architectures\"", "\"nothing\"", "unknown architecture")]
    [InlineData("\"hidden_size\": 256,", "", "The file config.json lacks the value 'hidden_size' or it is 0.")]
    [InlineData("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 5",
        "The layer 4 lacks the tensor 'attn_k.weight', which the first layer has.")]
    [InlineData("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 3",
        "The tensor 'model.layers.3.self_attn.q_proj.weight' is none that models of the architecture llama have.")]
    [InlineData("\"num_hidden_layers\": 4", "\"num_hidden_layers\": \"4\"",
        "The value 'num_hidden_layers' in config.json must be a count.")]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": 3",
        "The tensor 'model.layers.0.self_attn.q_proj.weight' has 256 rows, which do not make 3 heads.")]
    [InlineData("\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"odd\"}",
        "The RoPE scaling 'odd' is not supported.")]
    [InlineData("\"architectures\"", "\"quantization_config\": {}, \"architectures\"",
        "The weights are quantized already; only F32, F16 and BF16 can be converted.")]
    public void A_config_that_cannot_be_served_is_refused_with_its_reason(string text, string changed, string reason)
    {
        TwinFolder.Write("tiny-chat", Source);
        Edit("config.json", text, changed);

        Assert.Equal(reason, Refused());
    }

    [Theory]
    [InlineData("config.json", "There is no config.json among the files.")]
    [InlineData("tokenizer.json", "There is no tokenizer.json and no tokenizer.model among the files.")]
    [InlineData("model-00002-of-00003.safetensors",
        "The file 'model-00002-of-00003.safetensors', which the index names, is missing.")]
    public void A_missing_file_is_named(string name, string reason)
    {
        TwinFolder.Write("tiny-chat", Source, fileCount: 3);
        File.Delete(Path.Combine(Source, name));

        Assert.Equal(reason, Refused());
    }

    [Fact]
    public void A_truncated_file_is_named()
    {
        TwinFolder.Write("tiny-chat", Source);
        using (var file = File.OpenWrite(Path.Combine(Source, "model.safetensors")))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.StartsWith("The file 'model.safetensors' cannot be used: The tensor '", Refused(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_with_half_a_character_is_refused()
    {
        TwinFolder.Write("tiny-chat", Source);
        Edit("tokenizer.json", "\"content\": \"<|im_start|>\"", "\"content\": \"\\ud800\"");

        Assert.Equal("A JSON file holds a text that is not valid Unicode.", Refused());
    }

    [Fact]
    public void A_conversion_that_is_canceled_leaves_nothing()
    {
        TwinFolder.Write("tiny-chat", Source);
        using var cancellation = new CancellationTokenSource();
        var steps = new List<(int, int)>();

        Assert.Throws<OperationCanceledException>(() => ModelConverter.Convert(
            new ConversionRequest
            {
                Source = ModelFolder.Open(Source),
                TargetPath = Target,
                Progress = (done, count) =>
                {
                    steps.Add((done, count));
                    cancellation.Cancel();
                },
            },
            cancellation.Token));

        Assert.Equal([(1, 38)], steps);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public void Weights_beyond_16_bits_are_refused()
    {
        TwinFolder.Write("tiny-embed", Source);
        var path = Path.Combine(Source, "model.safetensors");
        var bytes = File.ReadAllBytes(path);
        var file = Ollama.Platform.BlobStore.Safetensors.SafetensorsFile.Read(path);
        var builder = new SafetensorsBuilder();
        foreach (var tensor in file.Tensors)
        {
            var content = bytes.AsSpan((int)tensor.Offset, (int)tensor.Bytes);
            if (tensor.Name == "encoder.layer.1.output.dense.weight")
            {
                var wide = new byte[tensor.ElementCount * 4];
                BitConverter.TryWriteBytes(wide.AsSpan(400), 65_520f);
                builder.Add(tensor.Name, "F32", [.. tensor.Shape], wide);
            }
            else
            {
                builder.Add(tensor.Name, tensor.Type.Name, [.. tensor.Shape], content);
            }
        }

        builder.Write(path);

        Assert.Equal("A weight is too large for 16-bit floats.", Refused());
    }

    private void Convert(string? type = null) => ModelConverter.Convert(
        new ConversionRequest { Source = ModelFolder.Open(Source), TargetPath = Target, MatrixTypeName = type },
        TestContext.Current.CancellationToken);

    private string Refused()
    {
        var refusal = Assert.Throws<ConversionException>(() => Convert());
        Assert.False(File.Exists(Target));
        return refusal.Message;
    }

    private void Edit(string name, string text, string changed)
    {
        var path = Path.Combine(Source, name);
        var content = File.ReadAllText(path);
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(text, changed, StringComparison.Ordinal));
    }
}
