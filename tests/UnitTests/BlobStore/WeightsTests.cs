using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.UnitTests.Architecture;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class WeightsTests
{
    [Fact]
    public void What_serving_needs_is_described()
    {
        var weights = Weights.Read(GgufBuilder.Model()
            .Add("tokenizer.chat_template", "{{ messages }}").Add("llama.pooling_type", 1u)
            .Add("tokenizer.ggml.fim_pre_token_id", 0u).Add("tokenizer.ggml.suffix_token_id", 1u).Open());

        var description = weights.Description;
        Assert.Equal(
            ("llama", 128, 1, 8, 1L, 4, 4, 3),
            (description.Architecture, description.ContextTokensTrained, description.LayerCount,
                description.EmbeddingLength, description.KeyValueHeadCount, description.KeyLength,
                description.ValueLength, description.VocabularySize));
        Assert.Equal(("{{ messages }}", true), (description.ChatTemplate, description.HasPooling));
        Assert.Equal((null, "<end>"), (description.BosToken, description.EosToken));
        Assert.Equal(
            ("a", "b", null),
            (description.FimPrefixToken, description.FimSuffixToken, description.FimMiddleToken));
    }

    [Fact]
    public void A_model_that_ranks_is_told_by_its_pooling_and_must_have_its_head()
    {
        var ranking = GgufBuilder.Model().Add("llama.pooling_type", 4u);
        Refused(ranking, "lacks the tensor 'cls.output.weight'");
        ranking.Tensor("cls.output.weight", [8, 1], 0).Add("tokenizer.chat_template.rerank", "{query} {document}");
        Assert.True(Weights.Read(ranking.Open()).Description is
        { HasPooling: true, HasRanking: true, RerankTemplate: "{query} {document}" });
        Assert.False(Weights.Read(GgufBuilder.Model().Add("llama.pooling_type", 1u).Open()).Description.HasRanking);
        var direct = GgufBuilder.Model("jina-bert-v2").Add("jina-bert-v2.pooling_type", 4u);
        Assert.True(Weights.Read(direct.Tensor("cls.weight", [8, 1], 0).Open()).Description.HasRanking);
    }

    [Fact]
    public void Heads_may_differ_from_layer_to_layer()
    {
        var weights = Weights.Read(GgufBuilder.Model().Add("llama.block_count", 3u)
            .Add("llama.attention.head_count", [4, 0, 4]).Add("llama.attention.head_count_kv", [2, 0, 1]).Open());
        Assert.Equal((3L, 2), (weights.Description.KeyValueHeadCount, weights.Description.KeyLength));
    }

    [Fact]
    public void A_model_without_attention_needs_no_heads()
    {
        var weights = Weights.Read(GgufBuilder.Model("mamba")
            .Add("mamba.attention.head_count", 0u).Remove("mamba.attention.head_count_kv").Open());
        Assert.Equal(0, weights.Description.KeyValueHeadCount);
    }

    [Theory]
    [InlineData("general.architecture", "'general.architecture'")]
    [InlineData("llama.block_count", "'llama.block_count'")]
    [InlineData("llama.context_length", "'llama.context_length'")]
    [InlineData("llama.embedding_length", "'llama.embedding_length'")]
    [InlineData("llama.attention.head_count", "'llama.attention.head_count'")]
    [InlineData("tokenizer.ggml.model", "'tokenizer.ggml.model'")]
    [InlineData("tokenizer.ggml.tokens", "'tokenizer.ggml.tokens'")]
    public void A_missing_key_is_named(string key, string expected) =>
        Refused(GgufBuilder.Model().Remove(key), expected);

    [Theory]
    [InlineData("block_count", 0u)]
    [InlineData("block_count", 513u)]
    [InlineData("block_count", uint.MaxValue)]
    [InlineData("context_length", 0u)]
    [InlineData("context_length", uint.MaxValue)]
    [InlineData("embedding_length", 0u)]
    [InlineData("embedding_length", 7u)]
    [InlineData("embedding_length", uint.MaxValue)]
    [InlineData("attention.head_count", 0u)]
    [InlineData("attention.head_count", uint.MaxValue)]
    [InlineData("attention.head_count_kv", 0u)]
    [InlineData("attention.head_count_kv", 3u)]
    [InlineData("attention.key_length", 0u)]
    [InlineData("attention.key_length", uint.MaxValue)]
    [InlineData("attention.value_length", 0u)]
    [InlineData("rope.dimension_count", 3u)]
    [InlineData("rope.dimension_count", 6u)]
    [InlineData("expert_count", 5000u)]
    [InlineData("expert_count", 4u)]
    [InlineData("expert_used_count", 1u)]
    [InlineData("expert_group_count", 1u)]
    [InlineData("vocab_size", uint.MaxValue)]
    [InlineData("pooling_type", 9u)]
    [InlineData("nextn_predict_layers", 1u)]
    [InlineData("feed_forward_length", uint.MaxValue)]
    public void A_number_that_native_code_would_trip_over_is_refused(string key, uint value) =>
        Refused(
            GgufBuilder.Model().Add("llama." + key, value),
            key.StartsWith("expert", StringComparison.Ordinal) ? "expert" : key);

    [Fact]
    public void A_number_of_another_type_is_refused()
    {
        Refused(GgufBuilder.Model().Add("llama.block_count", "1"), "must be an integer");
        Refused(GgufBuilder.Model().Add("llama.attention.head_count", [2, 2]), "one integer per layer");
        Refused(GgufBuilder.Model().Add("llama.attention.head_count", [-1]), "between 0");
        Refused(GgufBuilder.Model().Add("llama.attention.head_count", [2f]), "one integer per layer");
        Refused(GgufBuilder.Model().Add("llama.rope.scaling.type", "sideways"), "sideways");
        Refused(GgufBuilder.Model().Add("llama.attention.layer_norm_rms_epsilon", float.NaN), "epsilon");
        Refused(GgufBuilder.Model().Add("llama.attention.layer_norm_epsilon", -1f), "epsilon");
        Refused(GgufBuilder.Model().Add("llama.rope.freq_base", float.PositiveInfinity), "freq_base");
    }

    [Fact]
    public void A_file_that_is_no_whole_model_is_refused()
    {
        Refused(GgufBuilder.Model().Add("general.type", "adapter"), "adapter");
        Refused(GgufBuilder.Model().Add("general.architecture", "clip"), "projector");
        Refused(GgufBuilder.Model().Add("split.count", 2u), "split");
        Refused(GgufBuilder.Model().WithoutTensors(), "no tensors");
    }

    [Theory]
    [InlineData("output_norm.weight", new long[] { 8 }, 1u)]
    [InlineData("rope_freqs.weight", new long[] { 8 }, 30u)]
    [InlineData("blk.0.attn_q.bias", new long[] { 32 }, 8u)]
    [InlineData("blk.0.attn_q.weight", new long[] { 8, 8 }, 26u)]
    [InlineData("blk.0.attn_q.weight", new long[] { 256, 8 }, 15u)]
    public void A_tensor_that_cannot_be_computed_with_is_refused(string name, long[] shape, uint type) =>
        Refused(GgufBuilder.Model().WithoutTensors().Tensor(name, shape, type), name);

    [Fact]
    public void A_vocabulary_whose_tables_disagree_is_refused()
    {
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.scores", [0f, 1f]), "tokenizer.ggml.scores");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.scores", ["0", "1", "2"]), "tokenizer.ggml.scores");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.token_type", [1, 1]), "tokenizer.ggml.token_type");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.token_type", 1u), "tokenizer.ggml.token_type");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.token_type", [1, 6, 1]), "should be a byte");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.tokens", ["a", "a", "c"]), "earlier one");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.tokens", ["[EMPTY_1]", "", "c"]), "earlier one");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.tokens", [1, 2, 3]), "holds no texts");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.tokens", System.Array.Empty<string>()), "holds no texts");
    }

    [Fact]
    public void A_large_vocabulary_is_one_until_a_text_comes_again()
    {
        // Of every length, with zeros at the end, which a hash over pairs of bytes must not take for nothing.
        string[] texts =
        [
            .. Enumerable.Range(0, 20_000).Select(id => new string('x', id % 7) + id),
            "a", "a\0", "a\0\0", "\0", "", "é", "x", new string('y', 64 * 1024),
        ];
        Assert.Equal(texts.Length, Read(texts).Description.VocabularySize);
        Assert.Equal(
            $"The token {texts.Length} of 'tokenizer.ggml.tokens' has the text of an earlier one.",
            Assert.Throws<GgufException>(() => Read([.. texts, "xxx17"])).Message);
        Assert.Throws<GgufException>(() => Read([.. texts, "[EMPTY_20004]"]));
        Assert.Throws<GgufException>(() => Read([new string('y', (64 * 1024) + 1)]));

        static Weights Read(string[] texts) => Weights.Read(GgufBuilder.Model()
            .Add("tokenizer.ggml.tokens", texts)
            .Add("tokenizer.ggml.token_type", new int[texts.Length])
            .Add("tokenizer.ggml.scores", new float[texts.Length])
            .Open());
    }

    [Theory]
    [InlineData("bos_token_id")]
    [InlineData("eos_token_id")]
    [InlineData("eot_token_id")]
    [InlineData("fim_pre_token_id")]
    public void A_special_token_outside_the_vocabulary_is_refused(string key) =>
        Refused(GgufBuilder.Model().Add("tokenizer.ggml." + key, 3u), key);

    [Fact]
    public void A_token_that_the_tokenizer_adds_must_exist()
    {
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.add_bos_token", true), "beginning token");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.pre", "llama-bpe"), "beginning token");
        var endless = GgufBuilder.Model().Remove("tokenizer.ggml.eos_token_id");
        Refused(endless.Add("tokenizer.ggml.add_eos_token", true), "end token");
        Refused(GgufBuilder.Model().Add("tokenizer.ggml.model", "bert"), "WordPiece");
        var weights = Weights.Read(GgufBuilder.Model().Add("tokenizer.ggml.model", "llama").Open());
        Assert.Equal(("b", true), (weights.Description.BosToken, weights.Description.AddsBosToken));
    }

    [Fact]
    public void An_id_that_says_none_is_none()
    {
        var weights = Weights.Read(GgufBuilder.Model().Add("tokenizer.ggml.bos_token_id", uint.MaxValue)
            .Add("tokenizer.ggml.padding_token_id", 99u).Open());
        Assert.Null(weights.Description.BosToken);
    }

    [Fact]
    public void A_header_is_kept_until_the_file_changes()
    {
        using var folder = new TemporaryFolder();
        var path = GgufBuilder.Model().Save(folder.Path);
        var headers = new GgufHeaders(TimeProvider.System);
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Same(headers.FindWeights(path), headers.FindWeights(path));

        File.WriteAllBytes(path, GgufBuilder.Model().Add("llama.context_length", 64u).Build());
        Assert.Equal(64, headers.FindWeights(path)!.Description.ContextTokensTrained);
        File.Delete(path);
        Assert.Null(headers.FindWeights(path));
    }

    [Fact]
    public void Metadata_becomes_json_with_or_without_arrays()
    {
        using var folder = new TemporaryFolder();
        var path = GgufBuilder.Model().Add("x.empty", System.Array.Empty<int>()).Add("x.nan", float.NaN)
            .Add("x.big", ulong.MaxValue).Add("x.flag", true).Save(folder.Path);
        var file = GgufFile.Read(path);

        var brief = GgufMetadata.ToJson(path, file, arraysIncluded: false);
        var full = GgufMetadata.ToJson(path, file, arraysIncluded: true);

        Assert.Equal("null", brief["tokenizer.ggml.tokens"].GetRawText());
        Assert.Equal("[]", brief["x.empty"].GetRawText());
        Assert.Equal("""["a","b","\u003Cend\u003E"]""", full["tokenizer.ggml.tokens"].GetRawText());
        Assert.Equal("[0,-1,-2]", full["tokenizer.ggml.scores"].GetRawText());
        Assert.Equal("1E-05", full["llama.attention.layer_norm_rms_epsilon"].GetRawText());
        Assert.Equal("null", full["x.nan"].GetRawText());
        Assert.Equal("18446744073709551615", full["x.big"].GetRawText());
        Assert.Equal("true", full["x.flag"].GetRawText());
        Assert.Equal("32", brief["general.parameter_count"].GetRawText());
        Assert.Equal("general.architecture", brief.Keys.First());
        Assert.DoesNotContain("general.name", brief.Keys);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1_000, "1K")]
    [InlineData(923_008, "923K")]
    [InlineData(2_754_816, "2.75M")]
    [InlineData(137_000_000, "137M")]
    [InlineData(8_030_261_248, "8.0B")]
    [InlineData(70_000_000_000, "70B")]
    public void A_parameter_count_is_written_as_people_say_it(long count, string expected) =>
        Assert.Equal(expected, HumanCount.Format(count));

    [Theory]
    [InlineData("tiny-chat.gguf", "llama", 1536)]
    [InlineData("tiny-embed.gguf", "bert", 2048)]
    public void The_shipped_models_pass(string name, string architecture, int vocabularySize)
    {
        var weights = Weights.Read(Path.Combine(SourceTree.Root, "models", name));
        Assert.Equal(architecture, weights.Description.Architecture);
        Assert.Equal(vocabularySize, weights.Description.VocabularySize);
        Assert.Equal("F16", FileTypes.NameOf(weights.File));
    }

    private static void Refused(GgufBuilder builder, string expected)
    {
        var failure = Assert.Throws<GgufException>(() => Weights.Read(builder.Open()));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }
}
