using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Ollama.Platform.Api.Grpc.Calls;
using Ollama.Platform.Api.Grpc.Mapping;
using Ollama.Platform.Contracts.Errors;
using Ollama.V1;

namespace Ollama.Platform.UnitTests.Api.Grpc;

public sealed class GrpcMappingTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("1n", 1)]
    [InlineData("0S", 0)]
    [InlineData("99999999H", 42_336_000_000_000)]
    public void A_timeout_has_a_unit(string text, long ticks) =>
        Assert.Equal(TimeSpan.FromTicks(ticks), CallTimeout.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("-5S")]
    [InlineData("123456789S")]
    public void What_is_no_timeout_is_none(string text) => Assert.Null(CallTimeout.Parse(text));

    [Fact]
    public void Options_have_the_names_and_types_that_they_have_in_JSON()
    {
        var options = new Options
        {
            NumCtx = 512,
            Temperature = 0.1,
            UseMmap = false,
            Seed = long.MaxValue,
            Stop = { "a", "b" },
            Grammar = "root ::= \"x\"",
            Extra =
            {
                ["mirostat"] = Value.ForNumber(2),
                ["logit_bias"] = Value.ForStruct(new Struct { Fields = { ["15043"] = Value.ForNumber(-0.5) } }),
                ["dry_sequence_breakers"] = Value.ForList(Value.ForString("\n"), Value.ForNull()),
            },
        };
        var read = OptionsReader.Read(options, "m").Select(option => $"\"{option.Key}\":{option.Value.GetRawText()}");
        var expected = JsonElement.Parse(
            "{\"num_ctx\":512,\"use_mmap\":false,\"seed\":9223372036854775807,\"temperature\":0.1,"
            + "\"stop\":[\"a\",\"b\"],\"grammar\":\"root ::= \\u0022x\\u0022\",\"mirostat\":2,"
            + "\"logit_bias\":{\"15043\":-0.5},\"dry_sequence_breakers\":[\"\\n\",null]}");
        Assert.True(JsonElement.DeepEquals(expected, JsonElement.Parse($"{{{string.Join(',', read)}}}")));
        Assert.Empty(OptionsReader.Read(null, "m"));
        Assert.Empty(OptionsReader.Read(new Options(), "m"));
    }

    [Fact]
    public void An_option_that_cannot_be_is_refused()
    {
        var deep = Value.ForNull();
        for (var depth = 0; depth < 50; depth++)
        {
            deep = Value.ForList(deep);
        }

        Refused(new Options { Temperature = double.NaN }, "option \"temperature\" must be a finite number");
        Refused(
            new Options { Extra = { ["seed"] = Value.ForNumber(1) } },
            "option \"seed\" has a field of its own and may not be in extra");
        Refused(
            new Options { Extra = { ["mirostat"] = Value.ForNumber(double.PositiveInfinity) } },
            "option \"mirostat\" must be a finite number");
        Refused(new Options { Extra = { ["x"] = deep } }, "option \"x\" is nested too deeply");

        static void Refused(Options options, string message) => Assert.Equal(
            new Refusal(ModelErrorCode.OptionInvalid, "m", message),
            Assert.Throws<ModelException>(() => OptionsReader.Read(options, "m")).Refusal);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 1)]
    [InlineData(90, 0, 900_000_000)]
    [InlineData(-1, 0, -10_000)]
    [InlineData(0, -1, -10_000)]
    [InlineData(315_576_000_000, 0, -10_000)]
    public void A_keep_alive_is_for_ever_below_zero_and_zero_only_for_zero(long seconds, int nanos, long ticks) =>
        Assert.Equal(
            TimeSpan.FromTicks(ticks),
            DurationReader.KeepAlive(new Duration { Seconds = seconds, Nanos = nanos }, "m"));

    [Theory]
    [InlineData(1, -1)]
    [InlineData(0, 1_000_000_000)]
    [InlineData(long.MinValue, 0)]
    [InlineData(315_576_000_001, 0)]
    [InlineData(0, int.MinValue)]
    public void What_is_no_duration_is_refused(long seconds, int nanos) => Assert.Equal(
        "keep_alive is no valid duration",
        Assert.Throws<ModelException>(() =>
            DurationReader.KeepAlive(new Duration { Seconds = seconds, Nanos = nanos }, "m")).Refusal.Detail);

    [Fact]
    public void A_vector_takes_four_bytes_a_component_in_both_forms()
    {
        float[] vector = [0.6f, -0.8f, 1.5e-7f, float.MaxValue];
        var floats = EmbeddingMapping.Encoder(EmbeddingEncoding.Unspecified, "m")(vector);
        var bytes = EmbeddingMapping.Encoder(EmbeddingEncoding.Bytes, "m")(vector);
        Assert.Equal(vector, floats.Values);
        Assert.Equal((4 * vector.Length) + 2, floats.CalculateSize());
        Assert.Equal("9a99193fcdcc4cbfb00f2134ffff7f7f", Convert.ToHexStringLower(bytes.Data.Span));
        Assert.Throws<ModelException>(() => EmbeddingMapping.Encoder((EmbeddingEncoding)7, "m"));
    }

    [Fact]
    public void A_tool_reaches_the_model_in_its_native_form()
    {
        var tools = ToolsReader.Read(
            [
                new Tool
                {
                    Name = "f",
                    Description = "d",
                    ParametersJson = """{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"number"}}}""",
                },
                new Tool { Name = "g" },
            ],
            "m");
        Assert.Equal(["f", "g"], tools.Select(tool => tool.Name));
        Assert.Equal(
            "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\",\"parameters\":{\"type\":"
            + "\"object\",\"properties\":{\"b\":{\"type\":\"string\"},\"a\":{\"type\":\"number\"}}}}}",
            tools[0].Definition.GetRawText());
        Assert.Throws<ModelException>(() => ToolsReader.Read([new Tool()], "m"));
        Assert.Throws<ModelException>(() => ToolsReader.Read([new Tool { Name = "f", ParametersJson = "[]" }], "m"));
        Assert.Throws<ModelException>(() => ToolsReader.Read([new Tool { Name = "f", ParametersJson = "{" }], "m"));
    }
}
