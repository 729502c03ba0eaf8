using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
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
        Assert.Equal(["mirostat", "nonsense"], Read("""{"mirostat":1,"nonsense":"x","top_k":3}""").UnknownNames);

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
        Assert.Equal(expected, LoadPlanner.Plan(ScriptedLibrary.Describe("m"), options, fallback).ContextTokens);
    }

    private static ModelOptions Read(string request, string parameters = "{}") => ModelOptions.Read(
        "m", Parse(request), ScriptedLibrary.Describe("m") with { Parameters = Parse(parameters) });

    private static Dictionary<string, JsonElement> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.Clone());
    }
}
