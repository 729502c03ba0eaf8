using System.Text.Json;

namespace Ollama.Platform.BlobStore.Safetensors;

/// <summary>
/// Reads the JSON of a header and refuses what the format forbids: tensors that overlap, leave gaps, end outside the
/// file or are longer or shorter than their shape says.
/// </summary>
internal sealed class SafetensorsHeaderParser(byte[] header, long tensorsOffset, long fileBytes)
{
    private const int TensorCountMax = 256 * 1024;
    private const int NameLengthMax = 1024;
    private const int DimensionCountMax = 8;
    private const int MetadataCountMax = 4096;

    // A tensor is an object that holds arrays of numbers.
    private const int DepthMax = 4;

    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsTensor> _tensors = new(StringComparer.Ordinal);

    public SafetensorsFile Parse(string path)
    {
        try
        {
            ReadHeader();
        }
        catch (JsonException failure)
        {
            throw new SafetensorsException($"The header is no valid JSON: {failure.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new SafetensorsException("The header holds a text that is not valid Unicode.");
        }

        return new SafetensorsFile(path, _metadata, CheckExtents());
    }

    private void ReadHeader()
    {
        var reader = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = DepthMax });
        Demand(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "The header is no JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            Demand(reader.TokenType == JsonTokenType.StartObject, $"The entry '{Shorten(name)}' is no JSON object.");
            if (name == "__metadata__")
            {
                ReadMetadata(ref reader);
            }
            else
            {
                ReadTensor(ref reader, name);
            }
        }

        // The header may be padded with spaces; anything else behind the object is an error of the reader.
        while (reader.Read())
        {
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            Demand(reader.TokenType == JsonTokenType.String, $"The metadata '{Shorten(key)}' is no text.");
            Demand(_metadata.Count < MetadataCountMax, $"There are more than {MetadataCountMax} metadata entries.");
            _metadata[key] = reader.GetString()!;
        }
    }

    private void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        Demand(name.Length is > 0 and <= NameLengthMax, $"The name '{Shorten(name)}' is empty or too long.");
        string? typeName = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            switch (key)
            {
                case "dtype" when reader.TokenType == JsonTokenType.String && typeName is null:
                    typeName = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name);
                    break;
                default:
                    throw new SafetensorsException($"The tensor '{name}' has an entry '{Shorten(key!)}' too many.");
            }
        }

        Demand(typeName is not null && shape is not null && offsets is { Count: 2 },
            $"The tensor '{name}' lacks its type, shape or offsets.");
        var tensor = new SafetensorsTensor(
            name, Find(typeName!, name), shape!, tensorsOffset + offsets![0], offsets[1] - offsets[0]);
        CheckLength(tensor);
        Demand(_tensors.TryAdd(name, tensor), $"The tensor '{name}' appears twice.");
        Demand(_tensors.Count <= TensorCountMax, $"There are more than {TensorCountMax} tensors.");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name)
    {
        Demand(reader.TokenType == JsonTokenType.StartArray, $"The tensor '{name}' has a shape that is no array.");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Demand(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0,
                $"The tensor '{name}' has a shape or an offset that is no count.");
            Demand(numbers.Count < DimensionCountMax,
                $"The tensor '{name}' has more than {DimensionCountMax} dimensions.");
            numbers.Add(reader.GetInt64());
        }

        return numbers;
    }

    private static SafetensorsType Find(string typeName, string name) => SafetensorsType.TryGet(typeName, out var type)
        ? type
        : throw new SafetensorsException($"The tensor '{name}' has the unknown type '{Shorten(typeName)}'.");

    private static void CheckLength(SafetensorsTensor tensor)
    {
        Int128 elements = 1;
        foreach (var dimension in tensor.Shape)
        {
            elements *= dimension;
            Demand(elements <= long.MaxValue / 64, $"The tensor '{tensor.Name}' has an impossible shape.");
        }

        Demand(elements * tensor.Type.Bits == (Int128)tensor.Bytes * 8,
            $"The tensor '{tensor.Name}' takes {tensor.Bytes} bytes, which is not what its shape needs.");
    }

    /// <summary>The tensors must fill the rest of the file without gaps, as the format demands.</summary>
    private List<SafetensorsTensor> CheckExtents()
    {
        var tensors = _tensors.Values.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Bytes).ToList();
        var end = tensorsOffset;
        foreach (var tensor in tensors)
        {
            Demand(tensor.Offset == end,
                $"The tensor '{tensor.Name}' begins at {tensor.Offset}; after the one before it must be {end}.");
            Demand(tensor.Bytes <= fileBytes - end,
                $"The tensor '{tensor.Name}' ends after the file of {fileBytes} bytes; the file is truncated.");
            end += tensor.Bytes;
        }

        Demand(end == fileBytes, $"The tensors end at {end}, but the file is {fileBytes} bytes long.");
        return tensors;
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SafetensorsException(otherwise);
        }
    }

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
