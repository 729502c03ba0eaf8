using System.Text.Json;

namespace Ollama.Platform.Prompting.Rendering.Parts;

/// <summary>
/// The keys of each part of a tool, in the order in which Ollama writes them whatever the client's was. Keys that are
/// not listed are not written: models have not been trained on them.
/// </summary>
internal static class ToolShape
{
    private static readonly (string Key, ToolPart Part)[] Tool =
        [("type", ToolPart.Value), ("items", ToolPart.Value), ("function", ToolPart.Function)];

    private static readonly (string Key, ToolPart Part)[] Function =
        [("name", ToolPart.Value), ("description", ToolPart.Text), ("parameters", ToolPart.Parameters)];

    private static readonly (string Key, ToolPart Part)[] Parameters =
    [
        ("type", ToolPart.Types), ("$defs", ToolPart.Value), ("items", ToolPart.Value), ("required", ToolPart.Value),
        ("properties", ToolPart.Properties),
    ];

    private static readonly (string Key, ToolPart Part)[] Property =
    [
        ("anyOf", ToolPart.Branches), ("type", ToolPart.Types), ("items", ToolPart.Value),
        ("description", ToolPart.Text), ("enum", ToolPart.Value), ("properties", ToolPart.Properties),
        ("required", ToolPart.Value),
    ];

    /// <summary>What is written of an object, in order.</summary>
    public static IEnumerable<(string Key, JsonElement Value, ToolPart Part)> Of(JsonElement element, ToolPart part) =>
        part switch
        {
            ToolPart.Tool => Known(element, Tool),
            ToolPart.Function => Known(element, Function),
            ToolPart.Parameters => Known(element, Parameters),
            ToolPart.Property => Known(element, Property),
            _ => element.EnumerateObject().Select(
                entry => (PromptJson.NameOf(entry), entry.Value,
                    part == ToolPart.Properties ? ToolPart.Property : ToolPart.Value)),
        };

    private static IEnumerable<(string Key, JsonElement Value, ToolPart Part)> Known(
        JsonElement element, (string Key, ToolPart Part)[] keys)
    {
        foreach (var (key, part) in keys)
        {
            if (element.TryGetProperty(key, out var value)
                && value.ValueKind != JsonValueKind.Null
                && !(part == ToolPart.Text && value.ValueKind == JsonValueKind.String && value.ValueEquals("")))
            {
                yield return (key, value, part);
            }
        }
    }
}
