using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Rendering.Parts;

/// <summary>
/// A tool's declaration as renderers walk it. Whatever the client left out or put in another shape reads as absent.
/// </summary>
internal sealed class ToolView(ToolDefinition tool)
{
    /// <summary>Name of the function.</summary>
    public string Name => tool.Name;

    /// <summary>What it does; empty when not said.</summary>
    public string Description => TextOf(Function, "description");

    /// <summary>The function itself, which some families declare without the tool around it.</summary>
    public JsonElement? Function => Member(tool.Definition, "function");

    /// <summary>The schema of the arguments.</summary>
    public JsonElement? Parameters => Member(Function, "parameters");

    /// <summary>The parameters by name, in the client's order.</summary>
    public IEnumerable<(string Name, JsonElement Schema)> Properties => PropertiesOf(Parameters);

    /// <summary>The names of the parameters that must be given.</summary>
    public IReadOnlyList<string> Required => TextsOf(Parameters, "required");

    /// <summary>The entries of a schema's <c>properties</c>.</summary>
    public static IEnumerable<(string Name, JsonElement Schema)> PropertiesOf(JsonElement? schema) =>
        Member(schema, "properties") is { ValueKind: JsonValueKind.Object } properties
            ? properties.EnumerateObject().Select(entry => (PromptJson.NameOf(entry), entry.Value))
            : [];

    /// <summary>A text member; empty when it is missing or no text.</summary>
    public static string TextOf(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? PromptJson.TextOf(text) : "";

    /// <summary>The declared types: one, several, or none.</summary>
    public static IReadOnlyList<string> TypesOf(JsonElement? schema) =>
        TextOf(schema, "type") is { Length: > 0 } single ? [single] : TextsOf(schema, "type");

    /// <summary>The texts of a list member; empty when it is missing or no list.</summary>
    public static IReadOnlyList<string> TextsOf(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(PromptJson.TextOf)]
            : [];

    /// <summary>A member of an object; null when it is missing, null, or the element is no object.</summary>
    public static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
