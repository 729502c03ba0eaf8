using System.Text.Json.Nodes;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>
/// JSON schemas of what requests may hold, in the terms of their readers: null stands for a field that was not sent,
/// unless it must be there, and fields of other names are ignored.
/// </summary>
internal static class Schema
{
    /// <summary>Marks a field of which values of other types are ignored instead of refused.</summary>
    public const string LenientKey = "x-ignored-when-mistyped";

    private const string ReferencePrefix = "#/components/schemas/";

    /// <summary>A text.</summary>
    public static JsonObject Text(string about) => OfType("string", about);

    /// <summary>One of several texts.</summary>
    public static JsonObject Choice(string about, params string[] values)
    {
        var schema = Text(about);
        schema["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value)), null]);
        return schema;
    }

    /// <summary>A text that is always the same: what a variant is told by.</summary>
    public static JsonObject Constant(string value) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray(JsonValue.Create(value)) };

    /// <summary>True or false.</summary>
    public static JsonObject Flag(string about) => OfType("boolean", about);

    /// <summary>A whole number.</summary>
    public static JsonObject Whole(string about, int? least = null, int? most = null)
    {
        var schema = OfType("integer", about);
        if (least is not null)
        {
            schema["minimum"] = least;
        }

        if (most is not null)
        {
            schema["maximum"] = most;
        }

        return schema;
    }

    /// <summary>A number.</summary>
    public static JsonObject Number(string about) => OfType("number", about);

    /// <summary>Any value.</summary>
    public static JsonObject Any(string about) => new() { ["description"] = about };

    /// <summary>A list.</summary>
    public static JsonObject List(string about, JsonObject items)
    {
        var schema = OfType("array", about);
        schema["items"] = items;
        return schema;
    }

    /// <summary>An object whose names are the client's.</summary>
    public static JsonObject Map(string about, JsonObject? values = null)
    {
        var schema = OfType("object", about);
        schema["additionalProperties"] = values ?? new JsonObject();
        return schema;
    }

    /// <summary>An object with fields. Those that must be there may not be null.</summary>
    public static JsonObject Object(
        string about, string[] required, params (string Name, JsonObject Schema)[] fields)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in fields)
        {
            properties[name] = required.Contains(name) ? Present(schema) : schema;
        }

        var whole = new JsonObject { ["type"] = "object", ["description"] = about, ["properties"] = properties };
        if (required.Length > 0)
        {
            whole["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        }

        return whole;
    }

    /// <summary>An object with fields that is part of another.</summary>
    public static JsonObject Group(
        string about, string[] required, params (string Name, JsonObject Schema)[] fields)
    {
        var schema = Object(about, required, fields);
        schema["type"] = new JsonArray("object", "null");
        return schema;
    }

    /// <summary>A value of one of several kinds.</summary>
    public static JsonObject Either(string about, params JsonObject[] kinds) => new()
    {
        ["description"] = about,
        ["anyOf"] = new JsonArray([.. kinds.Select(Present), new JsonObject { ["type"] = "null" }]),
    };

    /// <summary>A schema that has a name.</summary>
    public static JsonObject Reference(string name) => new() { ["$ref"] = ReferencePrefix + name };

    /// <summary>A schema that has a name, with what it means here.</summary>
    public static JsonObject Reference(string name, string about) =>
        new() { ["$ref"] = ReferencePrefix + name, ["description"] = about };

    /// <summary>The schema with a value that shows what is meant; generated requests take it, too.</summary>
    public static JsonObject Like(this JsonObject schema, JsonNode example)
    {
        schema["examples"] = new JsonArray(example);
        return schema;
    }

    /// <summary>The schema, of which values of other types are ignored instead of refused.</summary>
    public static JsonObject Leniently(this JsonObject schema)
    {
        schema[LenientKey] = true;
        return schema;
    }

    /// <summary>The schema without null.</summary>
    public static JsonObject Present(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            schema["type"] = types[0]!.DeepClone();
        }

        foreach (var values in new[] { schema["enum"], schema["anyOf"] }.OfType<JsonArray>())
        {
            for (var index = values.Count - 1; index >= 0; index--)
            {
                if (IsNull(values[index]))
                {
                    values.RemoveAt(index);
                }
            }
        }

        return schema;
    }

    private static bool IsNull(JsonNode? value) =>
        value is null || (value is JsonObject kind && kind["type"] is JsonValue type && type.ToString() == "null");

    private static JsonObject OfType(string type, string about) =>
        new() { ["type"] = new JsonArray(type, "null"), ["description"] = about };
}
