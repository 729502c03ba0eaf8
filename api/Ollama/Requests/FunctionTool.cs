using System.Buffers;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>
/// Reads a function of another dialect by writing it as Ollama's has it, so that a model sees the same tool whichever
/// dialect brought it.
/// </summary>
internal static class FunctionTool
{
    // A tool lies deeper in Ollama's form than in the others.
    private const int DepthMax = 2 * GoJsonScanner.DepthMax;

    /// <summary>Reads.</summary>
    /// <param name="structure">What errors call the request.</param>
    /// <param name="name">The function's name.</param>
    /// <param name="description">What it is for; undefined when that is not said.</param>
    /// <param name="parameters">The schema of its arguments; undefined for none.</param>
    /// <exception cref="ModelException">The description or the schema cannot be read.</exception>
    public static ToolDefinition Read(string structure, string name, JsonElement description, JsonElement parameters)
    {
        var root = GoObject.Root(Write(name, description, parameters), structure);
        var tools = ToolReader.Read(root.Fields.Single())!;
        root.Errors.ThrowIfAny();
        return tools[0];
    }

    private static JsonElement Write(string name, JsonElement description, JsonElement parameters)
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
            Write(writer, "description", description);
            Write(writer, "parameters", parameters);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = DepthMax }).RootElement;
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Undefined)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}
