using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The declared types of one tool's parameters; none for what is not declared.</summary>
internal sealed class ParameterTypes
{
    private readonly JsonElement? _properties;

    private ParameterTypes(JsonElement? properties) => _properties = properties;

    /// <summary>Looks a tool up by name; an unknown one declares nothing.</summary>
    public static ParameterTypes Of(IReadOnlyList<ToolDefinition> tools, string name)
    {
        var tool = tools.FirstOrDefault(candidate => candidate.Name == name);
        return new(
            tool is null
                ? null
                : Member(Member(Member(tool.Definition, "function"), "parameters"), "properties"));
    }

    /// <summary>The types of a parameter, those of all its <c>anyOf</c> branches included.</summary>
    public IReadOnlySet<string> Of(string parameter)
    {
        var types = new HashSet<string>();
        if (Member(_properties, parameter) is { } schema)
        {
            AddTypes(schema, types);
            if (Member(schema, "anyOf") is { ValueKind: JsonValueKind.Array } branches)
            {
                foreach (var branch in branches.EnumerateArray())
                {
                    AddTypes(branch, types);
                }
            }
        }

        return types;
    }

    private static void AddTypes(JsonElement schema, HashSet<string> types)
    {
        switch (Member(schema, "type"))
        {
            case { ValueKind: JsonValueKind.String } single:
                types.Add(single.GetString()!);
                break;
            case { ValueKind: JsonValueKind.Array } several:
                types.UnionWith(
                    several.EnumerateArray()
                        .Where(type => type.ValueKind == JsonValueKind.String)
                        .Select(type => type.GetString()!));
                break;
            default:
                break;
        }
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var value)
            ? value
            : null;
}
