using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>Reads <c>tools</c>, whose functions have a form of their own here.</summary>
internal static class ToolListReader
{
    /// <summary>The tools; none when the field is null or of the wrong type, which is noted.</summary>
    /// <exception cref="ModelException">A tool cannot be read, or would have to run on the server.</exception>
    public static IReadOnlyList<ToolDefinition> Read(GoField field) =>
        field.Elements("[]anthropic.Tool")?.Select((element, index) => ReadTool(field, element, index)).ToArray() ?? [];

    private static ToolDefinition ReadTool(GoField field, JsonElement element, int index)
    {
        var source = GoObject.Separate(field, element, "Tool");
        var (type, name, description, schema) = ("custom", "", default(JsonElement), default(JsonElement));
        foreach (var part in source.Fields)
        {
            switch (part.Name)
            {
                case "type":
                    type = part.AsString() ?? type;
                    break;
                case "name":
                    name = part.AsString() ?? name;
                    break;
                case "description":
                    description = part.AsString() is null ? description : part.Value;
                    break;
                case "input_schema":
                    schema = part.Value;
                    break;
                default:
                    break;
            }
        }

        source.Errors.ThrowIfAny();
        if (type != "custom")
        {
            throw GoJsonErrors.Refuse($"tools.{index}: type {GoText.Quote(type)} is not supported by this server");
        }

        return name.Length > 0
            ? Define(name, description, schema)
            : throw GoJsonErrors.Refuse($"tools.{index}: name is required");
    }

    private static ToolDefinition Define(string name, JsonElement description, JsonElement schema)
    {
        try
        {
            return FunctionTool.Read("MessagesRequest", name, description, schema);
        }
        catch (ModelException exception)
        {
            throw GoJsonErrors.Refuse(
                $"invalid input_schema for tool {GoText.Quote(name)}: {exception.Refusal.Detail}");
        }
    }
}
