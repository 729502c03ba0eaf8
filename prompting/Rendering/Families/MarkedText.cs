using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>
/// Writes Gemma's notation for tools and calls: JSON without quotes, texts between marks of the family, keys sorted.
/// </summary>
/// <param name="mark">What stands before and after a text.</param>
/// <param name="isDetailed">Declares more of a parameter than its description and its first type (Gemma 4).</param>
internal sealed class MarkedText(string mark, bool isDetailed)
{
    /// <summary>Parameters with these names cannot be told from the keys of the notation.</summary>
    private static readonly HashSet<string> Keywords = ["description", "type", "properties", "required", "nullable"];

    /// <summary>A text between marks.</summary>
    public string Text(string value) => mark + value + mark;

    /// <summary>The declaration of a tool.</summary>
    public string Declare(ToolView tool)
    {
        List<string> parts = [];
        AddProperties(parts, tool.Parameters, isTop: true);
        if (tool.Required.Count > 0)
        {
            parts.Add($"required:[{string.Join(',', tool.Required.Select(Text))}]");
        }

        parts.Add($"type:{Text("OBJECT")}");
        return $"declaration:{tool.Name}{{description:{Text(tool.Description)},"
            + $"parameters:{{{string.Join(',', parts)}}}}}";
    }

    /// <summary>A call.</summary>
    public string Call(ToolCall call) =>
        $"call:{call.Name}{{{string.Join(',', call.SortedEntries().Select(
            entry => $"{entry.Name}:{Value(entry.Value)}"))}}}";

    private string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(PromptJson.TextOf(value)),
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject()
            .Select(entry => (Name: PromptJson.NameOf(entry), entry.Value))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => $"{entry.Name}:{Value(entry.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Value))}]",
        _ => value.GetRawText(),
    };

    private void AddProperties(List<string> parts, JsonElement? schema, bool isTop)
    {
        var properties = ToolView.PropertiesOf(schema)
            .Where(property => !isDetailed || !Keywords.Contains(property.Name))
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => $"{property.Name}:{{{string.Join(',', Describe(property.Schema, isTop))}}}")
            .ToList();
        if (properties.Count > 0)
        {
            parts.Add($"properties:{{{string.Join(',', properties)}}}");
        }
    }

    private List<string> Describe(JsonElement schema, bool isTop)
    {
        List<string> parts = [];
        var types = ToolView.TypesOf(schema).Select(type => type.ToUpperInvariant()).ToList();
        if (ToolView.TextOf(schema, "description") is { Length: > 0 } description)
        {
            parts.Add($"description:{Text(description)}");
        }

        if (isDetailed)
        {
            AddDetails(parts, schema, types);
        }

        if (types.Count > 0)
        {
            parts.Add($"type:{Types(types, isTop)}");
        }

        return parts;
    }

    private void AddDetails(List<string> parts, JsonElement schema, List<string> types)
    {
        if (ToolView.TextsOf(schema, "enum") is { Count: > 0 } values)
        {
            parts.Add($"enum:[{string.Join(',', values.Select(Text))}]");
        }
        else if (types.Contains("ARRAY") && ToolView.Member(schema, "items") is { } items)
        {
            parts.Add($"items:{{{string.Join(',', Describe(items, isTop: false))}}}");
        }

        if (ToolView.Member(schema, "nullable") is { ValueKind: JsonValueKind.True })
        {
            parts.Add("nullable:true");
        }

        if (types.Contains("OBJECT"))
        {
            AddProperties(parts, schema, isTop: false);
            if (ToolView.TextsOf(schema, "required") is { Count: > 0 } required)
            {
                parts.Add($"required:[{string.Join(',', required.Select(Text))}]");
            }
        }
    }

    // Several types at the top level are one text in the form of a Python list: what the models were given.
    private string Types(List<string> types, bool isTop) =>
        types.Count == 1 || !isDetailed ? Text(types[0])
        : isTop ? Text($"[{string.Join(", ", types.Select(type => $"'{type}'"))}]")
        : $"[{string.Join(',', types.Select(Text))}]";
}
