using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.Prompting.Grammars;
using Ollama.Platform.UnitTests.Inference.Grammars;

namespace Ollama.Platform.UnitTests.Prompting.Grammars;

/// <summary>
/// Schemas and grammars from strangers: what would take minutes, or the stack, is refused with the reason. Each of them
/// once took the server more than ten seconds, or down.
/// </summary>
public sealed class HostileSchemaTests
{
    [Fact]
    public void Names_that_would_take_the_stack_are_refused_beside_additional_ones()
    {
        var schema = new JsonObject
        {
            ["properties"] = new JsonObject { [new string('a', 200_000)] = new JsonObject() },
            ["additionalProperties"] = new JsonObject { ["type"] = "integer" },
        };
        Refused("#: names of over 256 characters cannot be honoured beside additional ones", schema);
        schema.Remove("additionalProperties");
        Compile(schema);
    }

    [Fact]
    public void Tens_of_thousands_of_properties_are_refused()
    {
        var properties = new JsonObject(Enumerable.Range(0, 40_000).Select(
            index => KeyValuePair.Create<string, JsonNode?>($"p{index}", new JsonObject())));
        Refused("#: has more than 2048 properties", new JsonObject { ["properties"] = properties });
        Refused("#: has more than 256 keywords", new JsonObject(Enumerable.Range(0, 40_000).Select(
            index => KeyValuePair.Create<string, JsonNode?>($"k{index}", new JsonObject()))));
    }

    [Fact]
    public void Thousands_of_schemas_that_have_a_say_on_thousands_of_properties_are_refused()
    {
        var all = List(20_000, index => new JsonObject
        {
            ["properties"] = new JsonObject { [$"p{index % 2000}"] = new JsonObject() },
        });
        Refused("#: the schema has too many combinations", new JsonObject { ["allOf"] = all });
    }

    [Fact]
    public void A_schema_of_more_than_a_mebibyte_is_refused() =>
        Refused("#: the schema is longer than 1048576 bytes", new JsonObject { ["title"] = new string('x', 1 << 20) });

    [Fact]
    public void Thousands_of_values_each_with_its_title_are_told_apart_at_once()
    {
        var schema = new JsonObject
        {
            ["oneOf"] = List(2000, index => new JsonObject { ["const"] = index, ["title"] = $"number {index}" }),
        };
        Compile(schema);
        schema["oneOf"]!.AsArray().Add(new JsonObject { ["const"] = 7.0 });
        Refused(
            "#/oneOf: alternatives 7 and 2000 may hold for the same value, which cannot be honoured; use anyOf, or a "
            + "property whose values differ",
            schema);
        schema["oneOf"]!.AsArray()[^1] = new JsonObject { ["const"] = "7" };
        Compile(schema);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(200, false)]
    public void Objects_are_told_apart_by_a_property_as_far_as_the_effort_goes(int count, bool isPossible)
    {
        var schema = new JsonObject
        {
            ["oneOf"] = List(count, index => new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(
                    Enumerable.Range(0, 10)
                        .Select(number => KeyValuePair.Create<string, JsonNode?>(
                            $"p{number}", new JsonObject { ["type"] = "integer" }))
                        .Append(KeyValuePair.Create<string, JsonNode?>(
                            "kind", new JsonObject { ["const"] = $"k{index}" }))),
                ["required"] = new JsonArray("kind"),
            }),
        };
        if (isPossible)
        {
            Compile(schema);
        }
        else
        {
            Assert.EndsWith("the schema has too many combinations", Explain(schema), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Thousands_of_references_into_thousands_of_definitions_are_read_once()
    {
        var definitions = new JsonObject(Enumerable.Range(0, 15_000).Select(
            index => KeyValuePair.Create<string, JsonNode?>($"d{index}", new JsonObject { ["const"] = index })));
        Refused("#: the schema needs more than 4096 grammar rules", new JsonObject
        {
            ["$defs"] = definitions,
            ["anyOf"] = List(15_000, index => new JsonObject { ["$ref"] = $"#/$defs/d{index}" }),
        });
    }

    [Fact]
    public void A_class_of_ten_thousand_characters_is_a_tree_of_their_bytes()
    {
        var characters = Enumerable.Range(0, 10_000).Select(index => char.ConvertFromUtf32(0x4E00 + (2 * index)));
        var grammar = $"root ::= [a{string.Concat(characters)}😀]+ [^x]";
        Assert.True(Texts.Matches(grammar, "a\u4E00\u4E02😀!"));
        Assert.False(Texts.Matches(grammar, "a\u4E01\u4E02"));
        Assert.False(Texts.Matches(grammar, "a😁\u4E02"));
    }

    private static JsonArray List(int count, Func<int, JsonNode> make) =>
        [.. Enumerable.Range(0, count).Select(make)];

    private static void Refused(string message, JsonNode schema) => Assert.Equal(message, Explain(schema));

    private static string Explain(JsonNode schema) =>
        Assert.Throws<GrammarException>(() => Compile(schema)).Message;

    private static void Compile(JsonNode schema) =>
        JsonSchemaGrammar.Compile(JsonElement.Parse(schema.ToJsonString()), GrammarLimits.Default);
}
