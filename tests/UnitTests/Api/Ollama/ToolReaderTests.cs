using System.Text.Json;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Api.Ollama;

public sealed class ToolReaderTests
{
    [Fact]
    public void Known_keywords_stay_in_the_order_of_the_client()
    {
        const string Tool = """
            {"function":{"description":"Weather é <b>","parameters":{
            "properties":{"zone":{"enum":["a",1,null],"type":"string"},
            "city":{"description":"d","type":["string","null"]},
            "at":{"properties":{"y":{"type":"number"}},"required":["y"],"type":"object"},
            "any":{"anyOf":[{"type":"string"},{"type":"integer"}]},
            "list":{"items":{"x":[1]},"type":"array"}},
            "$defs":{"d":{"format":"kept"}},"required":["city"],"type":"object","items":[]},
            "name":"weather"},"type":"function"}
            """;
        var tool = Assert.Single(Read("[" + Tool + "]"));
        Assert.Equal("weather", tool.Name);
        Assert.Equal(
            Tool.ReplaceLineEndings(""),
            tool.Definition.GetRawText().Replace("\\u003c", "<", StringComparison.Ordinal));
    }

    [Fact]
    public void Unknown_keywords_and_empty_values_are_dropped()
    {
        var tool = Assert.Single(Read("""
            [{"type":"function","strict":true,"items":null,"function":{"name":"f","strict":true,"description":"",
            "parameters":{"type":"object","additionalProperties":false,"$schema":"s","required":[],"properties":{
            "a":{"type":"string","format":"date","minimum":1,"default":"x","pattern":".","enum":[],"description":"",
            "anyOf":[],"title":"t","additionalProperties":{}}}}}}]
            """));
        Assert.Equal(
            Whole("""{"type":"object","properties":{"a":{"type":"string"}}}"""),
            tool.Definition.GetRawText());
    }

    [Fact]
    public void Names_of_keywords_are_matched_without_case_and_names_of_properties_with_it()
    {
        var tool = Assert.Single(Read("""
            [{"TYPE":"function","Function":{"NAME":"f","Parameters":{"Type":"object",
            "PROPERTIES":{"City":{"ANYOF":[{"Type":"string"}]},"city":{}}}}}]
            """));
        Assert.Equal(
            Whole("""{"type":"object","properties":{"City":{"anyOf":[{"type":"string"}]},"city":{}}}"""),
            tool.Definition.GetRawText());
    }

    [Fact]
    public void Of_a_keyword_sent_twice_the_later_counts()
    {
        var tool = Assert.Single(Read("""
            [{"type":"a","function":{"name":"f","parameters":{"properties":{"a":{"type":"x"},"b":{},"a":{"type":"y"}}}},
            "Type":"function"}]
            """));
        Assert.Equal(
            Whole("""{"properties":{"a":{"type":"y"},"b":{}}}"""),
            tool.Definition.GetRawText());
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("null", 0)]
    [InlineData("[{}]", 1)]
    [InlineData("[null]", 1)]
    [InlineData("[{\"function\":null}]", 1)]
    [InlineData("[{\"function\":{\"name\":null,\"parameters\":null}}]", 1)]
    public void Missing_parts_are_no_mistake(string tools, int count)
    {
        var read = Read(tools);
        Assert.Equal(count, read.Count);
        Assert.All(read, tool => Assert.Equal(JsonValueKind.Object, tool.Definition.ValueKind));
    }

    [Fact]
    public void A_schema_as_deep_as_a_body_may_be_is_read()
    {
        var schema = "{}";
        for (var depth = 0; depth < 28; depth++)
        {
            schema = "{\"properties\":{\"a\":" + schema + "}}";
        }

        var tool = Assert.Single(Read("[{\"function\":{\"parameters\":" + schema + "}}]"));
        Assert.Equal(schema, tool.Definition.GetProperty("function").GetProperty("parameters").GetRawText());
    }

    private static string Whole(string parameters) =>
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":" + parameters + "}}";

    private static IReadOnlyList<ToolDefinition> Read(string tools) =>
        ChatBody.Read(JsonElement.Parse("{\"tools\":" + tools + "}")).Tools;
}
