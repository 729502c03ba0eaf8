using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>
/// Reads <c>tools</c>. Of a schema only the keywords that Ollama knows reach the model, in the client's order; others
/// (<c>additionalProperties</c>, <c>format</c>, <c>default</c>, …) are dropped, and so is what is empty.
/// </summary>
internal static class ToolReader
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The tools; null when the field is null or of the wrong type, which is noted.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A schema property has a field of the wrong type.</exception>
    public static IReadOnlyList<ToolDefinition>? Read(GoField field) =>
        field.Elements("api.Tools")?.Select(element => ReadTool(field, element)).ToArray();

    private static ToolDefinition ReadTool(GoField field, JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var (name, parameters) = ("", (JsonElement?)null);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            WriteObject(writer, GoObject.Nested(field, element, "Tool"), part =>
            {
                if (part.Name == "function")
                {
                    writer.WritePropertyName("function");
                    (name, parameters) = WriteFunction(writer, part);
                }
                else
                {
                    WriteKnown(writer, part, text: "type", any: "items");
                }
            });
        }

        return new ToolDefinition
        {
            Name = name,
            Definition = JsonDocument.Parse(buffer.WrittenMemory).RootElement,
            Parameters = parameters,
        };
    }

    private static (string Name, JsonElement? Parameters) WriteFunction(Utf8JsonWriter writer, GoField field)
    {
        var (name, parameters) = ("", (JsonElement?)null);
        WriteObject(writer, GoObject.Nested(field, field.Value, "ToolFunction"), part =>
        {
            switch (part.Name)
            {
                case "name":
                    name = part.AsString() ?? "";
                    writer.WriteString("name", name);
                    break;
                case "parameters" when !part.IsNull:
                    parameters = part.Value;
                    writer.WritePropertyName("parameters");
                    WriteParameters(writer, part);
                    break;
                default:
                    WriteKnown(writer, part, text: "description");
                    break;
            }
        });
        return (name, parameters);
    }

    private static void WriteParameters(Utf8JsonWriter writer, GoField field) =>
        WriteObject(writer, GoObject.Nested(field, field.Value, "ToolFunctionParameters"), part =>
        {
            if (part.Name == "properties")
            {
                WriteProperties(writer, part);
            }
            else
            {
                WriteKnown(writer, part, text: "type", any: part.Name is "items" ? "items" : "$defs", list: "required");
            }
        });

    private static void WriteProperties(Utf8JsonWriter writer, GoField field)
    {
        if (field.IsNull)
        {
            return;
        }

        if (field.Value.ValueKind != JsonValueKind.Object)
        {
            throw GoJsonErrors.Refuse(field.Mismatch(field.Value, "api.ToolPropertiesMap"));
        }

        writer.WriteStartObject("properties");
        foreach (var property in field.Value.EnumerateObject().GroupBy(property => property.Name))
        {
            writer.WritePropertyName(property.Key);
            WriteProperty(writer, field, property.Last().Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteProperty(Utf8JsonWriter writer, GoField field, JsonElement value)
    {
        var source = GoObject.Separate(field, value, "ToolProperty");
        WriteObject(writer, source, part =>
        {
            switch (part.Name)
            {
                case "properties":
                    WriteProperties(writer, part);
                    break;
                case "anyof":
                    WriteAlternatives(writer, part);
                    break;
                case "type":
                    WriteType(writer, part);
                    break;
                case "enum" when part.Elements("[]interface {}") is { Count: > 0 }:
                    writer.WritePropertyName("enum");
                    part.Value.WriteTo(writer);
                    break;
                default:
                    WriteKnown(writer, part, text: "description", any: "items", list: "required");
                    break;
            }
        });
        source.Errors.ThrowIfAny();
    }

    private static void WriteAlternatives(Utf8JsonWriter writer, GoField field)
    {
        if (field.Elements("[]api.ToolProperty") is not { Count: > 0 } alternatives)
        {
            return;
        }

        writer.WriteStartArray("anyOf");
        foreach (var alternative in alternatives)
        {
            WriteProperty(writer, field, alternative);
        }

        writer.WriteEndArray();
    }

    private static void WriteType(Utf8JsonWriter writer, GoField field)
    {
        if (field.Value.ValueKind == JsonValueKind.String)
        {
            writer.WriteString("type", field.Value.GetString());
        }
        else if (field.AsStrings() is { Count: > 0 } types)
        {
            WriteStrings(writer, "type", types);
        }
    }

    private static void WriteKnown(
        Utf8JsonWriter writer, GoField field, string? text = null, string? any = null, string? list = null)
    {
        if (field.Name == text && field.AsString() is { Length: > 0 } value)
        {
            writer.WriteString(text, value);
        }
        else if (field.Name == list && field.AsStrings() is { Count: > 0 } values)
        {
            WriteStrings(writer, list, values);
        }
        else if (field.Name == any && !field.IsNull)
        {
            writer.WritePropertyName(any);
            field.Value.WriteTo(writer);
        }
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    // Of a field that was sent twice the later value stands at the place of the first.
    private static void WriteObject(Utf8JsonWriter writer, GoObject source, Action<GoField> writeField)
    {
        writer.WriteStartObject();
        foreach (var field in source.Fields.GroupBy(field => field.Name))
        {
            writeField(field.Last());
        }

        writer.WriteEndObject();
    }
}
