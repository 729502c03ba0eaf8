using System.Buffers;
using System.Collections;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>
/// Turns the options message into options by wire name: its fields have the names that the options have in Ollama's
/// JSON.
/// </summary>
internal static class OptionsReader
{
    private const int DepthMax = 32;

    /// <summary>The options that are set.</summary>
    /// <exception cref="ModelException">An option is set twice, is not finite, or is nested too deeply.</exception>
    public static IReadOnlyDictionary<string, JsonElement> Read(global::Ollama.V1.Options? options, string model)
    {
        if (options is null)
        {
            return GenerationRequest.NoOptions;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WireWriter.Create(buffer))
        {
            Write(writer, options, model);
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement.EnumerateObject()
            .ToDictionary(option => option.Name, option => option.Value, StringComparer.Ordinal);
    }

    /// <summary>Writes the options that are set as a JSON object.</summary>
    /// <exception cref="ModelException">An option is set twice, is not finite, or is nested too deeply.</exception>
    public static void Write(Utf8JsonWriter writer, global::Ollama.V1.Options options, string model)
    {
        var descriptor = global::Ollama.V1.Options.Descriptor;
        writer.WriteStartObject();
        foreach (var field in descriptor.Fields.InDeclarationOrder())
        {
            var value = field.IsMap || (!field.IsRepeated && !field.Accessor.HasValue(options))
                ? null
                : field.Accessor.GetValue(options);
            if (value is not (null or IList { Count: 0 }))
            {
                writer.WritePropertyName(field.Name);
                WriteScalar(writer, value, field.Name, model);
            }
        }

        foreach (var (name, value) in options.Extra)
        {
            if (descriptor.FindFieldByName(name) is { IsMap: false })
            {
                throw Refuse(model, $"option \"{name}\" has a field of its own and may not be in extra");
            }

            writer.WritePropertyName(name);
            WriteValue(writer, value, name, model, depth: 0);
        }

        writer.WriteEndObject();
    }

    private static void WriteScalar(Utf8JsonWriter writer, object value, string name, string model)
    {
        switch (value)
        {
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case double number:
                WriteNumber(writer, number, name, model);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case IList texts:
                writer.WriteStartArray();
                foreach (var text in texts)
                {
                    writer.WriteStringValue((string)text);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteNumberValue(Convert.ToInt64(value, null));
                break;
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, Value value, string name, string model, int depth)
    {
        if (depth > DepthMax)
        {
            throw Refuse(model, $"option \"{name}\" is nested too deeply");
        }

        switch (value.KindCase)
        {
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case Value.KindOneofCase.NumberValue:
                WriteNumber(writer, value.NumberValue, name, model);
                break;
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.ListValue:
                writer.WriteStartArray();
                foreach (var element in value.ListValue.Values)
                {
                    WriteValue(writer, element, name, model, depth + 1);
                }

                writer.WriteEndArray();
                break;
            case Value.KindOneofCase.StructValue:
                writer.WriteStartObject();
                foreach (var (key, field) in value.StructValue.Fields)
                {
                    writer.WritePropertyName(key);
                    WriteValue(writer, field, name, model, depth + 1);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, double number, string name, string model)
    {
        if (!double.IsFinite(number))
        {
            throw Refuse(model, $"option \"{name}\" must be a finite number");
        }

        // A whole number is written as one, or options that count would refuse it.
        if (number == Math.Truncate(number) && Math.Abs(number) < 1L << 53)
        {
            writer.WriteNumberValue((long)number);
        }
        else
        {
            writer.WriteNumberValue(number);
        }
    }

    private static ModelException Refuse(string model, string message) =>
        new(ModelErrorCode.OptionInvalid, model, message);
}
