using System.Buffers;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses.Requests;

/// <summary>
/// Reads <c>tools</c>, whose functions are flat here. Each is rewritten as Ollama's dialect has it and read from there,
/// so that a model sees the same tool whichever dialect brought it.
/// </summary>
internal static class FunctionsReader
{
    // A tool lies deeper in Ollama's form than in this one.
    private const int DepthMax = 2 * GoJsonScanner.DepthMax;

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
        var root = GoObject.Root(Rewrite(element, name), "ResponsesRequest");
        try
        {
            var tools = ToolReader.Read(root.Fields.Single())!;
            root.Errors.ThrowIfAny();
            return tools[0];
        }
        catch (ModelException exception)
        {
            throw GoJsonErrors.Refuse($"{place}: {exception.Refusal.Detail}");
        }
    }

    private static JsonElement Rewrite(JsonElement element, string name)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("tools");
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", name);
            foreach (var part in (string[])["description", "parameters"])
            {
                if (element.TryGetProperty(part, out var value))
                {
                    writer.WritePropertyName(part);
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = DepthMax }).RootElement;
    }
}
