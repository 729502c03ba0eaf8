using System.Buffers;
using System.Text.Json;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>Writes metadata as the JSON that <c>/api/show</c> reports.</summary>
public static class GgufMetadata
{
    private const int TextBytesMax = 16 * 1024 * 1024;

    /// <summary>
    /// All keys in file order without the model's name and chat template, and the computed parameter count. Without
    /// arrays, each array that is not empty becomes null.
    /// </summary>
    /// <exception cref="GgufException">The file changed since its header was read.</exception>
    public static IReadOnlyDictionary<string, JsonElement> ToJson(string path, GgufFile file, bool arraysIncluded)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var stream = GgufFile.Open(path);
        var reader = new GgufReader(stream);
        var buffer = new ArrayBufferWriter<byte>();
        var metadata = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var value in file.Values)
        {
            if (value.Key is not ("general.name" or "tokenizer.chat_template"))
            {
                metadata[value.Key] = Convert(buffer, writer => Write(writer, reader, value, arraysIncluded));
            }
        }

        metadata["general.parameter_count"] = Convert(buffer, writer => writer.WriteNumberValue(file.ParameterCount));
        return metadata;
    }

    private static JsonElement Convert(ArrayBufferWriter<byte> buffer, Action<Utf8JsonWriter> write)
    {
        buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        var json = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref json);
    }

    private static void Write(Utf8JsonWriter writer, GgufReader reader, GgufValue value, bool arraysIncluded)
    {
        if (value.Type != GgufValueType.Array)
        {
            WriteScalar(writer, value.Type, value.Number, value.Real, value.Text);
            return;
        }

        if (value.ElementCount > 0 && !arraysIncluded)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        reader.Seek(value.ElementOffset);
        for (long index = 0; index < value.ElementCount; index++)
        {
            WriteElement(writer, reader, value.ElementType);
        }

        writer.WriteEndArray();
    }

    private static void WriteElement(Utf8JsonWriter writer, GgufReader reader, GgufValueType type)
    {
        const string What = "array element";
        switch (type)
        {
            case GgufValueType.Text:
                writer.WriteStringValue(reader.ReadString(TextBytesMax, What));
                break;
            case GgufValueType.F32:
                WriteReal(writer, type, reader.ReadFloat32(What));
                break;
            case GgufValueType.F64:
                WriteReal(writer, type, reader.ReadFloat64(What));
                break;
            default:
                WriteScalar(writer, type, GgufParser.ReadInteger(reader, type, What), 0, "");
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, GgufValueType type, long number, double real, string text)
    {
        switch (type)
        {
            case GgufValueType.Text:
                writer.WriteStringValue(text);
                break;
            case GgufValueType.Bool:
                writer.WriteBooleanValue(number != 0);
                break;
            case GgufValueType.U64:
                writer.WriteNumberValue((ulong)number);
                break;
            case GgufValueType.F32 or GgufValueType.F64:
                WriteReal(writer, type, real);
                break;
            default:
                writer.WriteNumberValue(number);
                break;
        }
    }

    private static void WriteReal(Utf8JsonWriter writer, GgufValueType type, double real)
    {
        if (!double.IsFinite(real))
        {
            // JSON has no word for it.
            writer.WriteNullValue();
        }
        else if (type == GgufValueType.F32)
        {
            writer.WriteNumberValue((float)real);
        }
        else
        {
            writer.WriteNumberValue(real);
        }
    }
}
