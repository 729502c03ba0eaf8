using System.Buffers;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>
/// Reads tools. They reach the model in the form that they have natively, and through the same reader.
/// </summary>
internal static class ToolsReader
{
    /// <summary>The tools of a chat.</summary>
    /// <exception cref="ModelException">A tool has no name, or its parameters are no JSON object.</exception>
    public static IReadOnlyList<ToolDefinition> Read(IEnumerable<Wire.Tool> tools, string model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WireWriter.Create(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("tools");
            foreach (var tool in tools)
            {
                Write(writer, tool, model);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        var root = GoObject.Root(GoJsonBody.Parse(buffer.WrittenMemory.ToArray()), "ChatRequest");
        var read = ToolReader.Read(root.Fields.Single()) ?? [];
        root.Errors.ThrowIfAny();
        return read;
    }

    private static void Write(Utf8JsonWriter writer, Wire.Tool tool, string model)
    {
        if (tool.Name.Length == 0)
        {
            throw new ModelException(ModelErrorCode.RequestInvalid, model, "a tool must have a name");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", tool.Name);
        if (tool.Description.Length > 0)
        {
            writer.WriteString("description", tool.Description);
        }

        if (tool.ParametersJson.Length > 0)
        {
            if (!GoJsonBody.TryParseObject(tool.ParametersJson, out var parameters))
            {
                throw new ModelException(
                    ModelErrorCode.RequestInvalid, model,
                    $"parameters_json of tool {GoText.Quote(tool.Name)} must be a JSON object");
            }

            writer.WritePropertyName("parameters");
            parameters.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
