using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ollama.Platform.UnitTests.Prompting.Grammars;

/// <summary>Says whether a document satisfies a schema, for the keywords that the fuzz tests write.</summary>
internal static class SchemaJudge
{
    public static bool Satisfies(JsonNode? value, JsonNode? schema, JsonObject root) => schema switch
    {
        JsonObject keywords => keywords.All(keyword => Satisfies(value, keyword.Key, keyword.Value, keywords, root)),
        JsonValue literal => literal.GetValue<bool>(),
        _ => throw new InvalidOperationException("That is no schema."),
    };

    private static bool Satisfies(
        JsonNode? value, string keyword, JsonNode? operand, JsonObject schema, JsonObject root) => keyword switch
        {
            "type" => operand is JsonArray types
                ? types.Any(type => IsOfType(value, (string)type!))
                : IsOfType(value, (string)operand!),
            "enum" => ((JsonArray)operand!).Any(item => JsonNode.DeepEquals(item, value)),
            "const" => JsonNode.DeepEquals(operand, value),
            "minimum" => !IsOfType(value, "number") || Number(value) >= Number(operand),
            "maximum" => !IsOfType(value, "number") || Number(value) <= Number(operand),
            "minLength" => !IsOfType(value, "string") || Length(value) >= (int)operand!,
            "maxLength" => !IsOfType(value, "string") || Length(value) <= (int)operand!,
            "minItems" => value is not JsonArray items || items.Count >= (int)operand!,
            "maxItems" => value is not JsonArray items || items.Count <= (int)operand!,
            "items" => value is not JsonArray items || items.All(item => Satisfies(item, operand, root)),
            "required" => value is not JsonObject members
                || ((JsonArray)operand!).All(name => members.ContainsKey((string)name!)),
            "properties" => value is not JsonObject members || members.All(member =>
                ((JsonObject)operand!)[member.Key] is not { } property || Satisfies(member.Value, property, root)),
            "additionalProperties" => value is not JsonObject members || members.All(member =>
                ((JsonObject)schema["properties"]!).ContainsKey(member.Key) || Satisfies(member.Value, operand, root)),
            "anyOf" => ((JsonArray)operand!).Any(alternative => Satisfies(value, alternative, root)),
            "$ref" => Satisfies(value, root["$defs"]!["d"], root),
            "$defs" => true,
            _ => throw new InvalidOperationException($"The judge does not know {keyword}."),
        };

    private static bool IsOfType(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue text && text.GetValueKind() == JsonValueKind.String,
        "number" => value is JsonValue number && number.GetValueKind() == JsonValueKind.Number,
        "integer" => IsOfType(value, "number") && double.IsInteger(Number(value)),
        _ => false,
    };

    private static double Number(JsonNode? value) =>
        double.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture);

    // JSON Schema counts code points.
    private static int Length(JsonNode? value) => ((string)value!).EnumerateRunes().Count();
}
