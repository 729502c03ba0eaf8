using System.Text.Json;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>Options as clients send them: merged, converted as Go does, refused by type, clamped.</summary>
public sealed class ModelOptionsTests
{
    [Theory]
    [InlineData("num_ctx", "\"4096\"", "option \"num_ctx\" must be of type integer")]
    [InlineData("num_predict", "true", "option \"num_predict\" must be of type integer")]
    [InlineData("main_gpu", "[]", "option \"main_gpu\" must be of type integer")]
    [InlineData("use_mmap", "1", "option \"use_mmap\" must be of type boolean")]
    [InlineData("temperature", "\"hot\"", "option \"temperature\" must be of type float32")]
    [InlineData("logit_bias", "3", "option \"logit_bias\" must be of type map")]
    [InlineData("mirostat", "\"on\"", "option \"mirostat\" must be of type integer")]
    [InlineData("stop", "\"x\"", "option \"stop\" must be of type array")]
    [InlineData("stop", "[\"x\",1]", "option \"stop\" must be of an array of strings")]
    public void A_value_of_another_type_is_refused(string name, string json, string sentence)
    {
        var refused = Assert.Throws<ModelException>(() => Read($$"""{"{{name}}":{{json}}}"""));
        Assert.Equal(new Refusal(ModelErrorCode.OptionInvalid, "m", sentence), refused.Refusal);
    }

    [Fact]
    public void Integers_take_floats_and_drop_the_fraction()
    {
        Assert.Equal(1, Read("""{"num_predict":1.9}""").CompletionTokensMax);
        Assert.Equal(-1, Read("""{"num_predict":-1.9}""").CompletionTokensMax);
        Assert.Equal(int.MaxValue, Read("""{"num_predict":1e300}""").CompletionTokensMax);
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{"draft_num_predict":5}""", 5)]
    [InlineData("""{"draft_num_predict":-3}""", 0)]
    [InlineData("""{"draft_num_predict":1000}""", 16)]
    public void Proposals_are_within_what_a_step_can_verify(string json, int expected) =>
        Assert.Equal(expected, Read(json).DraftTokensMax);

    [Theory]
    [InlineData("{}", 4)]
    [InlineData("""{"draft_num_predict":0}""", 0)]
    [InlineData("""{"draft_num_predict":7}""", 7)]
    public void A_draft_model_is_asked_unless_somebody_says_otherwise(string json, int expected)
    {
        var model = ScriptedLibrary.Describe("m");
        var drafting = model with { Draft = new DraftDescription(model.Weights, model.WeightsDescription) };
        Assert.Equal(expected, ModelOptions.Read("m", Parse(json), drafting).DraftTokensMax);
    }

    [Fact]
    public void Null_counts_as_absent()
    {
        var options = Read("""{"num_ctx":null,"temperature":null,"stop":null}""", """{"num_ctx":64}""");
        Assert.Equal(64, options.ContextTokens);
        Assert.Equal(0.8f, options.Sampling.Temperature);
        Assert.Empty(options.StopSequences);
    }

    [Fact]
    public void A_request_wins_over_the_model_parameters()
    {
        var options = Read("""{"top_k":1}""", """{"top_k":2,"top_p":0.5,"stop":["a"]}""");
        Assert.Equal(1, options.Sampling.TopK);
        Assert.Equal(0.5f, options.Sampling.TopP);
        Assert.Equal(["a"], options.StopSequences);
    }

    [Fact]
    public void Unknown_options_are_named_and_ignored() =>
        Assert.Equal(["tfs_z", "nonsense"], Read("""{"tfs_z":1,"nonsense":"x","top_k":3}""").UnknownNames);

    [Fact]
    public void Samplers_go_by_the_names_of_Ollama_and_llama_server()
    {
        var options = Read(
            """
            {"mirostat":2,"mirostat_tau":3,"mirostat_eta":0.2,"top_n_sigma":1.5,"xtc_probability":0.5,
             "xtc_threshold":0.2,"dynatemp_range":0.3,"dynatemp_exponent":2,"dry_multiplier":0.8,"dry_base":1.5,
             "dry_allowed_length":3,"dry_penalty_last_n":100,"dry_sequence_breakers":["\n"],
             "logit_bias":{"3":-100,"5":1.5}}
            """);
        Assert.Empty(options.UnknownNames);
        Assert.Equivalent(
            new SamplingOptions
            {
                Mirostat = 2,
                MirostatTau = 3,
                MirostatEta = 0.2f,
                TopSigma = 1.5f,
                XtcProbability = 0.5f,
                XtcThreshold = 0.2f,
                TemperatureRange = 0.3f,
                TemperatureExponent = 2,
                Dry = new DryOptions
                {
                    Multiplier = 0.8f,
                    Base = 1.5f,
                    AllowedLength = 3,
                    LastTokens = 100,
                    Breakers = ["\n"],
                },
                LogitBiases = [new TokenBias(3, -100), new TokenBias(5, 1.5f)],
            },
            options.Sampling,
            strict: true);
    }

    [Fact]
    public void Repetitions_are_looked_for_only_when_they_cost_something() =>
        Assert.Null(Read("""{"dry_multiplier":0,"dry_base":3}""").Sampling.Dry);

    [Fact]
    public void Biases_are_an_object_or_a_list_of_pairs() => Assert.Equal(
        [new TokenBias(1, 2), new TokenBias(0, float.NegativeInfinity)],
        Read("""{"logit_bias":[[1,2],[0,false]]}""").Sampling.LogitBiases);

    [Theory]
    [InlineData("logit_bias", """{"x":1}""", "logit_bias names \"x\", which is no token number")]
    [InlineData("logit_bias", """{"-1":1}""", "logit_bias names \"-1\", which is no token number")]
    [InlineData("logit_bias", """{"999999999":1}""", "logit_bias names token 999999999, which the model does not have")]
    [InlineData("logit_bias", """{"1":101}""", "logit_bias must be between -100 and 100")]
    [InlineData("logit_bias", """{"1":"x"}""", "logit_bias must be between -100 and 100")]
    [InlineData("logit_bias", "[[1]]", "logit_bias holds something that is no pair of a token and a number")]
    [InlineData("logit_bias", "[[1.5,1]]", "logit_bias holds something that is no pair of a token and a number")]
    [InlineData("mirostat", "3", "mirostat must be 0, 1 or 2")]
    [InlineData("mirostat", "-1", "mirostat must be 0, 1 or 2")]
    public void A_value_that_means_nothing_is_a_bad_request(string name, string json, string sentence)
    {
        var refused = Assert.Throws<ModelException>(() => Read($$"""{"{{name}}":{{json}}}"""));
        Assert.Equal(new Refusal(ModelErrorCode.RequestInvalid, "m", sentence), refused.Refusal);
    }

    [Fact]
    public void Too_many_biases_or_breakers_are_refused()
    {
        var biases = $$"""{"logit_bias":[{{string.Join(',', Enumerable.Repeat("[1,1]", 1025))}}]}""";
        Assert.Equal(ModelErrorCode.RequestInvalid, Assert.Throws<ModelException>(() => Read(biases)).Refusal.Code);
        var many = string.Join(',', Enumerable.Repeat("\"x\"", 65));
        foreach (var breaker in new[] { many, $"\"{new string('x', 65)}\"" })
        {
            var breakers = $$"""{"dry_sequence_breakers":[{{breaker}}]}""";
            Assert.Equal(
                ModelErrorCode.RequestInvalid, Assert.Throws<ModelException>(() => Read(breakers)).Refusal.Code);
        }
    }

    [Fact]
    public void Absurd_numbers_are_brought_into_range()
    {
        var sampling = Read(
            """
            {"temperature":-3,"top_p":7,"min_p":-1,"typical_p":1e300,"repeat_penalty":0,"repeat_last_n":-9,
             "presence_penalty":1e38,"frequency_penalty":-1e300,"seed":-1}
            """).Sampling;
        Assert.Equal(0f, sampling.Temperature);
        Assert.Equal(1f, sampling.TopP);
        Assert.Equal(0f, sampling.MinP);
        Assert.Equal(1f, sampling.TypicalP);
        Assert.Equal(1f, sampling.RepeatPenalty);
        Assert.Equal(-1, sampling.RepeatLastTokens);
        Assert.Equal(1000f, sampling.PresencePenalty);
        Assert.Equal(-1000f, sampling.FrequencyPenalty);
        Assert.Null(sampling.Seed);
    }

    [Fact]
    public void Placement_options_are_brought_into_range()
    {
        var options = Read("""{"num_gpu":999,"main_gpu":-5,"num_thread":-2}""");
        Assert.Equal(3, options.GpuLayerCount);
        Assert.Null(options.MainGpu);
        Assert.Equal(0, options.ThreadCount);
        Assert.Equal(-1, Read("""{"num_gpu":-7}""").GpuLayerCount);
    }

    [Fact]
    public void A_seed_is_kept() => Assert.Equal(42u, Read("""{"seed":42}""").Sampling.Seed);

    [Fact]
    public void Too_many_or_too_long_stop_sequences_are_refused()
    {
        var many = $$"""{"stop":[{{string.Join(',', Enumerable.Repeat("\"x\"", 257))}}]}""";
        Assert.Equal(ModelErrorCode.RequestInvalid, Assert.Throws<ModelException>(() => Read(many)).Refusal.Code);
        var wide = $$"""{"stop":["{{new string('x', 4097)}}"]}""";
        Assert.Equal(ModelErrorCode.RequestInvalid, Assert.Throws<ModelException>(() => Read(wide)).Refusal.Code);
        Assert.Empty(Read("""{"stop":[""]}""").StopSequences);
    }

    [Theory]
    [InlineData(null, 64, 64)]
    [InlineData(1, 64, 4)]
    [InlineData(-5, 64, 4)]
    [InlineData(1_000_000, 64, 4096)]
    [InlineData(null, 262_144, 4096)]
    public void The_context_length_is_at_least_4_and_at_most_what_was_trained(int? asked, int fallback, int expected)
    {
        var options = new ModelOptions { ContextTokens = asked };
        var plan = LoadPlanner.Plan(ScriptedLibrary.Describe("m"), options, fallback, new SiloOptions());
        Assert.Equal(expected, plan.ContextTokens);
    }

    [Theory]
    [InlineData(128, 128, null, KeyValueType.Q8_0, KeyValueType.Q8_0)]
    [InlineData(128, 128, true, KeyValueType.Q4_0, KeyValueType.Q4_0)]
    [InlineData(128, 128, false, KeyValueType.Q8_0, KeyValueType.F16)]
    [InlineData(128, 128, false, KeyValueType.BF16, KeyValueType.BF16)]
    [InlineData(80, 128, null, KeyValueType.Q8_0, KeyValueType.F16)]
    [InlineData(128, 80, null, KeyValueType.Q4_0, KeyValueType.F16)]
    [InlineData(80, 80, null, KeyValueType.F32, KeyValueType.F32)]
    public void Keys_and_values_are_kept_as_set_where_heads_and_attention_allow_it(
        int keyLength, int valueLength, bool? flashAttention, KeyValueType set, KeyValueType expected)
    {
        var model = ScriptedLibrary.Describe("m");
        model = model with
        {
            WeightsDescription = model.WeightsDescription with { KeyLength = keyLength, ValueLength = valueLength },
        };
        var silo = new SiloOptions { KeyValueType = set, FlashAttention = flashAttention };
        var plan = LoadPlanner.Plan(model, new ModelOptions(), 64, silo);
        Assert.Equal(expected, plan.KeyValueType);
        Assert.Equal(flashAttention, plan.FlashAttention);
    }

    [Theory]
    [InlineData("{}", 0f, 0f)]
    [InlineData("""{"rope_frequency_base":1000000,"rope_frequency_scale":0.5}""", 1_000_000f, 0.5f)]
    [InlineData("""{"rope_frequency_base":-1,"rope_frequency_scale":-0.5}""", 0f, 0f)]
    [InlineData("""{"rope_frequency_base":1e300,"rope_frequency_scale":1e300}""", 1e9f, 100f)]
    public void Frequencies_of_positions_are_the_models_own_unless_asked(string request, float @base, float scale)
    {
        var plan = LoadPlanner.Plan(ScriptedLibrary.Describe("m"), Read(request), 64, new SiloOptions());
        Assert.Equal((@base, scale), (plan.RopeFrequencyBase, plan.RopeFrequencyScale));
    }

    private static ModelOptions Read(string request, string parameters = "{}") => ModelOptions.Read(
        "m", Parse(request), ScriptedLibrary.Describe("m") with { Parameters = Parse(parameters) });

    private static Dictionary<string, JsonElement> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.Clone());
    }
}
