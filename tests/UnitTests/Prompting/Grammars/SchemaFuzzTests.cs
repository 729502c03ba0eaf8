using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.Inference.Sampling.Grammars;
using Ollama.Platform.Prompting.Grammars;
using Ollama.Platform.UnitTests.Inference.Grammars;

namespace Ollama.Platform.UnitTests.Prompting.Grammars;

/// <summary>Random schemas: each is honoured in full or refused, whatever it holds.</summary>
public sealed class SchemaFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_a_random_schema_lets_be_written_satisfies_it(int seed)
    {
        var random = new Random(seed);
        var (honoured, written) = (0, 0);
        for (var round = 0; round < 60; round++)
        {
            var schema = RandomSchema(random, depth: 3, refers: true);
            schema["$defs"] = new JsonObject { ["d"] = RandomSchema(random, depth: 2, refers: false) };
            if (TryCompile(schema) is not { } matcher)
            {
                continue;
            }

            honoured++;
            for (var text = 0; text < 3; text++)
            {
                if (Texts.Write(matcher, random, 400) is { } bytes && TryRead(bytes, out var document))
                {
                    written++;
                    Assert.True(
                        SchemaJudge.Satisfies(document, schema, schema),
                        $"{Encoding.UTF8.GetString(bytes)} does not satisfy {schema.ToJsonString()}");
                }
            }
        }

        Assert.True(honoured >= 30 && written >= 30, $"{honoured} schemas were honoured, {written} texts written.");
    }

    [Fact]
    public void A_damaged_schema_is_honoured_or_refused()
    {
        var random = new Random(5);
        for (var round = 0; round < 400; round++)
        {
            var text = new StringBuilder(RandomSchema(random, depth: 3, refers: true).ToJsonString());
            for (var count = random.Next(1, 4); count > 0; count--)
            {
                text[random.Next(text.Length)] = "\"{}[]:,0159-.enrtx"[random.Next(18)];
            }

            JsonNode? damaged;
            try
            {
                damaged = JsonNode.Parse(text.ToString());
            }
            catch (JsonException)
            {
                continue;
            }

            TryCompile(damaged);
        }
    }

    private static GrammarMatcher? TryCompile(JsonNode? schema)
    {
        string text;
        try
        {
            text = JsonSchemaGrammar.Compile(JsonSerializer.SerializeToElement(schema), GrammarLimits.Default).Text;
        }
        catch (GrammarException)
        {
            return null;
        }

        // What the compiler writes is a grammar, but one without an end when a value would have to hold itself.
        var reason = GrammarSource.Explain(text);
        Assert.Contains(reason, (string?[])[null, "no text is complete by rule 'root'"]);
        return reason is null ? Texts.Matcher(text) : null;
    }

    // A grammar cannot remember names that are free, so that one may come twice; the judge could not read that.
    private static bool TryRead(byte[] bytes, out JsonNode? document)
    {
        document = null;
        try
        {
            document = JsonNode.Parse(bytes, documentOptions: new() { AllowDuplicateProperties = false });
            return true;
        }
        catch (JsonException exception) when (exception.Message.Contains("Duplicate", StringComparison.Ordinal))
        {
            return false;
        }
    }

    // A schema that refers to itself without a value in between would say nothing.
    private static JsonObject RandomSchema(Random random, int depth, bool refers)
    {
        var schema = new JsonObject();
        switch (random.Next(depth > 0 ? 11 : 6))
        {
            case 0:
                schema["type"] = new JsonArray("string", "null");
                break;
            case 1:
                (schema["type"], schema["minLength"]) = ("string", random.Next(3));
                schema["maxLength"] = random.Next(2, 9);
                break;
            case 2:
                (schema["type"], schema["minimum"], schema["maximum"]) =
                    ("integer", random.Next(-200, 50), random.Next(20, 3000));
                break;
            case 3:
                (schema["type"], schema["minimum"]) = ("number", Math.Round(random.NextDouble() * 10, 2));
                break;
            case 4:
                schema["enum"] = new JsonArray("a", 1, true, null, "ä\n", new JsonArray(1, 2));
                break;
            case 5:
                schema["const"] = random.Next(3) == 0 ? "x\"y" : random.Next(100);
                break;
            case 6 or 7:
                MakeObject(schema, random, depth);
                break;
            case 8:
                (schema["type"], schema["items"]) = ("array", RandomSchema(random, depth - 1, refers: true));
                (schema["minItems"], schema["maxItems"]) = (random.Next(2), random.Next(1, 4));
                break;
            case 9:
                schema["anyOf"] = new JsonArray(
                    RandomSchema(random, depth - 1, refers), RandomSchema(random, depth - 1, refers));
                break;
            default:
                schema[refers ? "$ref" : "type"] = refers ? "#/$defs/d" : "null";
                break;
        }

        return schema;
    }

    private static void MakeObject(JsonObject schema, Random random, int depth)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var name in new[] { "name", "age", "n", "übung" })
        {
            if (random.Next(2) == 0)
            {
                properties[name] = RandomSchema(random, depth - 1, refers: true);
                if (random.Next(2) == 0)
                {
                    required.Add(name);
                }
            }
        }

        (schema["type"], schema["properties"], schema["required"]) = ("object", properties, required);
        if (random.Next(3) > 0)
        {
            schema["additionalProperties"] = random.Next(2) == 0 ? false : RandomSchema(random, 0, refers: true);
        }
    }
}
