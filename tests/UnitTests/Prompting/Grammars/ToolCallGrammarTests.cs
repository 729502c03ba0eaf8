using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Grammars;
using Ollama.Platform.UnitTests.Inference.Grammars;

namespace Ollama.Platform.UnitTests.Prompting.Grammars;

public sealed class ToolCallGrammarTests
{
    private const string City = """
        {"type":"object","properties":{"city":{"$ref":"#/$defs/city"}},"required":["city"],
         "$defs":{"city":{"type":"string","minLength":2}}}
        """;

    private const string Code = """
        {"properties":{"code":{"$ref":"#/$defs/city"}},"required":["code"],"$defs":{"city":{"type":"integer"}}}
        """;

    [Theory]
    [InlineData("{\"name\":\"weather\",\"arguments\":{\"city\":\"Paris\"}}")]
    [InlineData("{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}")]
    [InlineData("{ \"name\": \"find \\\"it\\\"\", \"arguments\": {\"code\": 7} }")]
    [InlineData("{\"name\":\"now\",\"arguments\":{}}")]
    [InlineData("{\"name\":\"now\",\"arguments\":{\"zone\":[1]}}")]
    [InlineData("[{\"name\":\"now\",\"arguments\":{}}]")]
    [InlineData("[{\"name\":\"now\",\"arguments\":{}}, {\"name\":\"weather\",\"arguments\":{\"city\":\"Bo\"}}]")]
    public void A_call_of_a_tool_with_arguments_of_its_schema_is_let_through(string text) =>
        Assert.True(Texts.Matches(Compile(manyCalls: true), text));

    [Theory]
    [InlineData("")]
    [InlineData("Hello")]
    [InlineData("[]")]
    [InlineData("{\n  \"name\": \"now\",\n  \"arguments\": {}\n}")]
    [InlineData("{\"name\":\"other\",\"arguments\":{}}")]
    [InlineData("{\"name\":\"weather\",\"arguments\":{}}")]
    [InlineData("{\"name\":\"weather\",\"arguments\":{\"city\":7}}")]
    [InlineData("{\"name\":\"weather\",\"arguments\":{\"city\":\"P\"}}")]
    [InlineData("{\"name\":\"find \\\"it\\\"\",\"arguments\":{\"code\":\"Paris\"}}")]
    [InlineData("{\"name\":\"now\",\"arguments\":[]}")]
    [InlineData("{\"name\":\"now\",\"arguments\":null}")]
    [InlineData("{\"arguments\":{},\"name\":\"now\"}")]
    [InlineData("{\"name\":\"now\",\"arguments\":{}} {\"name\":\"now\",\"arguments\":{}}")]
    public void Everything_else_is_not(string text) => Assert.False(Texts.Matches(Compile(manyCalls: true), text));

    [Fact]
    public void One_call_is_no_list()
    {
        Assert.True(Texts.Matches(Compile(manyCalls: false), "{\"name\":\"now\",\"arguments\":{}}"));
        Assert.False(Texts.Matches(Compile(manyCalls: false), "[{\"name\":\"now\",\"arguments\":{}}]"));
    }

    [Fact]
    public void A_list_has_an_end()
    {
        var calls = Enumerable.Repeat("{\"name\":\"now\",\"arguments\":{}}", ToolCallGrammar.CallCountMax).ToArray();
        Assert.True(Texts.Matches(Compile(manyCalls: true), $"[{string.Join(',', calls)}]"));
        Assert.False(Texts.Matches(Compile(manyCalls: true), $"[{string.Join(',', [.. calls, calls[0]])}]"));
    }

    [Theory]
    [InlineData("{\"not\":{}}", "tool \"f\": #/not: this keyword cannot be honoured")]
    [InlineData("{\"type\":\"string\"}", "tool \"f\": #: no object satisfies the schema")]
    [InlineData("false", "tool \"f\": #: no object satisfies the schema")]
    [InlineData("{\"properties\":{\"a\":{\"$ref\":\"#/$defs/b\"}}}",
        "tool \"f\": #/properties/a/$ref: '#/$defs/b' names nothing")]
    public void A_schema_that_cannot_be_honoured_is_refused_with_its_tool(string schema, string message) =>
        Assert.Equal(
            message,
            Assert.Throws<GrammarException>(
                () => ToolCallGrammar.Compile([Tool("f", schema)], manyCalls: true, GrammarLimits.Default)).Message);

    private static string Compile(bool manyCalls) => ToolCallGrammar.Compile(
        [Tool("weather", City), Tool("find \"it\"", Code), Tool("now", null)], manyCalls,
        GrammarLimits.Default).Text;

    private static ToolDefinition Tool(string name, string? schema) => new()
    {
        Name = name,
        Definition = JsonElement.Parse("{}"),
        Parameters = schema is null ? null : JsonElement.Parse(schema),
    };
}
