using System.Text.Json.Nodes;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.UnitTests.Api.OpenApi;

/// <summary>Makes values that fit a schema, and such that fit it but for one place where the type is wrong.</summary>
internal sealed class RequestSamples(SpecificationJudge judge)
{
    // Beyond it schemas only repeat themselves.
    private const int DepthMax = 9;

    private static readonly (string Type, string Json)[] AllTypes =
    [
        ("string", "\"#\""), ("integer", "7"), ("number", "7.5"), ("boolean", "true"), ("array", "[[]]"),
        ("object", "{\"#\":{}}"),
    ];

    /// <summary>The least value that fits.</summary>
    public JsonNode? Least(JsonNode schema)
    {
        var resolved = judge.Resolve(schema);
        if (resolved["examples"] is JsonArray examples)
        {
            return examples[0]!.DeepClone();
        }

        if (resolved["anyOf"] is JsonArray kinds)
        {
            return Least(kinds[0]!);
        }

        if (resolved["enum"] is JsonArray values)
        {
            return values[0]!.DeepClone();
        }

        return TypesOf(resolved).FirstOrDefault() switch
        {
            "string" => JsonValue.Create("x"),
            "integer" => JsonValue.Create((int?)resolved["minimum"] is > 0 and var least ? least : 1),
            "number" => JsonValue.Create(1),
            "boolean" => JsonValue.Create(true),
            "array" => resolved["minItems"] is null ? new JsonArray() : new JsonArray(Least(resolved["items"]!)),
            "object" => LeastObject(resolved),
            _ => new JsonObject(),
        };
    }

    /// <summary>Values with one part more than the least, for each part that there can be.</summary>
    public IEnumerable<(string Path, JsonNode? Value)> Fitting(JsonNode schema, int depth = 0)
    {
        var resolved = judge.Resolve(schema);
        var parts = Parts(resolved, depth, Fitting).ToList();
        return parts.Count > 0 ? parts : [("", Least(resolved))];
    }

    /// <summary>Values with one part of a wrong type, for each part and type.</summary>
    public IEnumerable<(string Path, JsonNode? Value)> Mistyped(JsonNode schema, int depth = 0)
    {
        var resolved = judge.Resolve(schema);
        var isUnion = resolved["anyOf"] is not null;
        return
        [
            .. WrongValues(resolved).Select(value => ("", value)),

            // What is wrong for one kind of a union may be right for another.
            .. Parts(resolved, depth, Mistyped).Where(part => !isUnion || part.Path.Length > 0),
        ];
    }

    private IEnumerable<(string Path, JsonNode? Value)> Parts(
        JsonObject schema, int depth, Func<JsonNode, int, IEnumerable<(string Path, JsonNode? Value)>> inside)
    {
        if (depth > DepthMax)
        {
            return [];
        }

        var ofKinds = (schema["anyOf"] as JsonArray ?? [])
            .Where(kind => kind!["type"]?.ToString() != "null").SelectMany(kind => inside(kind!, depth + 1));
        var ofFields =
            from field in schema["properties"] as JsonObject ?? new JsonObject()
            from part in inside(field.Value!, depth + 1)
            select ($".{field.Key}{part.Path}", With(LeastObject(schema), field.Key, part.Value));
        var ofItems =
            from items in Optional(schema["items"])
            from part in inside(items, depth + 1)
            select ($"[]{part.Path}", (JsonNode?)new JsonArray(part.Value?.DeepClone()));
        var ofValues =
            from values in Optional(schema["additionalProperties"])
            from part in inside(values, depth + 1)
            select ($".*{part.Path}", With(new JsonObject(), "x", part.Value));
        return [.. ofKinds, .. ofFields, .. ofItems, .. ofValues];
    }

    private static JsonNode? With(JsonObject whole, string name, JsonNode? value)
    {
        whole[name] = value?.DeepClone();
        return whole;
    }

    private static IEnumerable<JsonNode> Optional(JsonNode? schema) => schema is null ? [] : [schema];

    private JsonObject LeastObject(JsonObject schema)
    {
        if (schema["examples"] is JsonArray examples)
        {
            return examples[0]!.DeepClone().AsObject();
        }

        var value = new JsonObject();
        foreach (var name in schema["required"] as JsonArray ?? [])
        {
            value[(string)name!] = Least(schema["properties"]![(string)name!]!);
        }

        return value;
    }

    private IEnumerable<JsonNode?> WrongValues(JsonObject schema)
    {
        var types = schema["anyOf"] is JsonArray kinds
            ? kinds.SelectMany(kind => TypesOf(judge.Resolve(kind!))).ToList()
            : [.. TypesOf(schema)];
        if (types.Count == 0 || schema[Schema.LenientKey] is not null)
        {
            return [];
        }

        return AllTypes
            .Where(type => !types.Contains(type.Type) && !(type.Type == "integer" && types.Contains("number")))
            .Select(type => JsonNode.Parse(type.Json));
    }

    private static IEnumerable<string> TypesOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => types.Select(type => (string)type!),
        JsonValue type => [(string)type!],
        _ => [],
    };
}
