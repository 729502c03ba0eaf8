using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.Api.Ollama.Specification;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.UnitTests.Prompting.Modelfiles;

public sealed class ModelfileParametersTests
{
    [Fact]
    public void Every_option_of_a_request_stands_in_a_Modelfile_and_comes_back()
    {
        var options = OptionSchemas.Options()["properties"]!.AsObject();
        Assert.True(options.Count > 30);
        foreach (var (name, schema) in options)
        {
            var value = ValueOf(name, schema!);
            var source = new ModelfileSource
            {
                Name = ModelName.TryParse("m", out var model) ? model : throw new InvalidOperationException(),
                Parameters = new Dictionary<string, JsonElement> { [name] = JsonSerializer.SerializeToElement(value) },
            };

            var read = ModelfileParameters.Read(ModelfileParser.Parse(ModelfileWriter.Write(source)));

            Assert.Equal(name, Assert.Single(read).Key);
            Assert.True(JsonNode.DeepEquals(value, JsonNode.Parse(read[name].GetRawText())), name);
        }
    }

    [Theory]
    [InlineData("""[[15043,5],[13,false]]""")]
    [InlineData("""{"15043":5,"13":-100}""")]
    public void A_bias_of_either_form_is_one_value(string bias)
    {
        var read = ModelfileParameters.Read(ModelfileParser.Parse($"FROM m\nPARAMETER logit_bias {bias}"));
        Assert.Equal(bias, read["logit_bias"].GetRawText());
        Assert.Equal($"logit_bias                     {bias}", ParameterText.Write(read));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("{")]
    [InlineData("x")]
    public void A_bias_that_is_none_is_refused(string bias)
    {
        var commands = ModelfileParser.Parse($"FROM m\nPARAMETER logit_bias {bias}");
        Assert.Equal(
            $"invalid json value [{bias}]",
            Assert.Throws<ModelfileException>(() => ModelfileParameters.Read(commands)).Message);
    }

    private static JsonNode ValueOf(string name, JsonNode schema) => name switch
    {
        "logit_bias" => new JsonObject { ["13"] = -100 },
        "stop" or "dry_sequence_breakers" => new JsonArray("\n", " x"),
        _ => (schema["type"] is JsonArray types ? types[0] : schema["type"])?.GetValue<string>() switch
        {
            "boolean" => true,
            "string" => "some text",
            _ => 7,
        },
    };
}
