using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

/// <summary>Writes safetensors files, sound ones and broken ones.</summary>
internal sealed class SafetensorsBuilder
{
    private readonly JsonObject _header = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The header, for breaking it.</summary>
    public JsonObject Header => _header;

    /// <summary>Bytes after the tensors.</summary>
    public int ExtraBytes { get; set; }

    /// <summary>Length of the header that the file claims; null for the true one.</summary>
    public ulong? HeaderBytes { get; set; }

    /// <summary>A text instead of the header; null for the true one.</summary>
    public string? HeaderText { get; set; }

    public SafetensorsBuilder Add(string name, string type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        var begin = _bytes.WrittenCount;
        _bytes.Write(bytes);
        _header[name] = new JsonObject
        {
            ["dtype"] = type,
            ["shape"] = new JsonArray([.. shape.Select(dimension => JsonValue.Create(dimension))]),
            ["data_offsets"] = new JsonArray(begin, _bytes.WrittenCount),
        };
        return this;
    }

    /// <summary>A tensor of small random numbers.</summary>
    public SafetensorsBuilder Random(string name, string type, Random random, params long[] shape)
    {
        var element = type == "F32" ? 4 : 2;
        var bytes = new byte[shape.Aggregate(1L, (product, dimension) => product * dimension) * element];
        for (var offset = 0; offset < bytes.Length; offset += element)
        {
            var number = (float)((random.NextDouble() - 0.5) * 0.2);
            var target = bytes.AsSpan(offset);
            switch (type)
            {
                case "F32":
                    BinaryPrimitives.WriteSingleLittleEndian(target, number);
                    break;
                case "F16":
                    BinaryPrimitives.WriteHalfLittleEndian(target, (Half)number);
                    break;
                default:
                    BinaryPrimitives.WriteUInt16LittleEndian(
                        target, (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16));
                    break;
            }
        }

        return Add(name, type, shape, bytes);
    }

    public byte[] ToBytes()
    {
        var header = Encoding.UTF8.GetBytes(HeaderText ?? _header.ToJsonString());
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, HeaderBytes ?? (ulong)header.Length);
        return [.. length, .. header, .. _bytes.WrittenSpan, .. new byte[ExtraBytes]];
    }

    public void Write(string path) => File.WriteAllBytes(path, ToBytes());
}
