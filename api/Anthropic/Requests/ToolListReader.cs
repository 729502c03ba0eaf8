using System.Buffers;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>
/// Reads <c>tools</c>. Each is rewritten as Ollama's dialect has it and read from there, so that a model sees the same
/// tool whichever dialect brought it.
/// </summary>
internal static class ToolListReader
{
    // A tool lies deeper in Ollama's form than in this one.
    private const int DepthMax = 2 * GoJsonScanner.DepthMax;

    /// <summary>The tools; none when the field is null or of the wrong type, which is noted.</summary>
    /// <exception cref="ModelException">A tool cannot be read, or would have to run on the server.</exception>
    public static IReadOnlyList<ToolDefinition> Read(GoField field) =>
        field.Elements("[]anthropic.Tool")?.Select((element, index) => ReadTool(field, element, index)).ToArray() ?? [];

    private static ToolDefinition ReadTool(GoField field, JsonElement element, int index)
    {
        var source = GoObject.Separate(field, element, "Tool");
        var (type, name, description, schema) = ("custom", "", "", default(JsonElement));
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
                    description = part.AsString() ?? description;
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

    private static ToolDefinition Define(string name, string description, JsonElement schema)
    {
        var root = GoObject.Root(Rewrite(name, description, schema), "MessagesRequest");
        try
        {
            var tools = ToolReader.Read(root.Fields.Single())!;
            root.Errors.ThrowIfAny();
            return tools[0];
        }
        catch (ModelException exception)
        {
            throw GoJsonErrors.Refuse(
                $"invalid input_schema for tool {GoText.Quote(name)}: {exception.Refusal.Detail}");
        }
    }

    private static JsonElement Rewrite(string name, string description, JsonElement schema)
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
            writer.WriteString("description", description);
            if (schema.ValueKind != JsonValueKind.Undefined)
            {
                writer.WritePropertyName("parameters");
                schema.WriteTo(writer);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = DepthMax }).RootElement;
    }
}
