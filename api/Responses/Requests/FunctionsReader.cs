using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses.Requests;

/// <summary>Reads <c>tools</c>, whose functions are flat here.</summary>
internal static class FunctionsReader
{
    /// <summary>The functions; none when the field is null or of the wrong type, which is noted.</summary>
    /// <exception cref="ModelException">A tool cannot be read, or would have to run on the server.</exception>
    public static IReadOnlyList<ToolDefinition> Read(GoField field)
    {
        var tools = new List<ToolDefinition>();
        foreach (var (index, element) in (field.Elements("[]openai.ResponsesTool") ?? []).Index())
        {
            Add(tools, element, $"tools[{index}]", nameSpace: "");
        }

        return tools;
    }

    private static void Add(List<ToolDefinition> tools, JsonElement element, string place, string nameSpace)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw GoJsonErrors.Refuse($"{place}: a tool must be an object: {GoText.TypeOf(element)}");
        }

        var type = InputItems.TextOf(element, "type");
        var name = InputItems.TextOf(element, "name");
        if (type == "namespace" && nameSpace.Length == 0 && name is { Length: > 0 }
            && element.TryGetProperty("tools", out var members) && members.ValueKind == JsonValueKind.Array)
        {
            foreach (var (index, member) in members.EnumerateArray().Index())
            {
                Add(tools, member, $"{place}.tools[{index}]", name + ".");
            }

            return;
        }

        if (type is null or "namespace" || type.StartsWith("web_search", StringComparison.Ordinal)
            || (name is null && type != "function"))
        {
            throw GoJsonErrors.Refuse($"{place}: type {GoText.Quote(type ?? "")} is not supported by this server");
        }

        tools.Add(name is { Length: > 0 }
            ? Define(element, nameSpace + name, place)
            : throw GoJsonErrors.Refuse($"{place}: name is required"));
    }

    private static ToolDefinition Define(JsonElement element, string name, string place)
    {
        try
        {
            return FunctionTool.Read("ResponsesRequest", name, Part("description"), Part("parameters"));
        }
        catch (ModelException exception)
        {
            throw GoJsonErrors.Refuse($"{place}: {exception.Refusal.Detail}");
        }

        JsonElement Part(string part) => element.TryGetProperty(part, out var value) ? value : default;
    }
}
