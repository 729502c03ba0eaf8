using System.Globalization;
using System.Numerics;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>
/// Reads the structure of a GGUF file and refuses what native code would trip over: it looks keys and names up
/// in quadratic time, wants the tensors back to back, and aborts the process where it finds a contradiction.
/// </summary>
internal sealed class GgufParser(GgufReader reader)
{
    /// <summary>Longest array whose integers are kept.</summary>
    public const int IntegersKeptMax = 1024;

    private const uint Magic = 0x46554747;
    private const int KeyCountMax = 4096;
    private const int TensorCountMax = 32 * 1024;
    private const int KeyBytesMax = 65_535;
    private const int TextBytesMax = 16 * 1024 * 1024;
    private const long TextBytesTotalMax = 64L * 1024 * 1024;
    private const long HeaderBytesMax = 1L << 30;
    private const long FileBytesMax = 1L << 50;
    private const long ElementCountMax = 16 * 1024 * 1024;
    private const int TensorNameBytesMax = 63;
    private const int DimensionCountMax = 4;
    private const long AlignmentDefault = 32;
    private const long AlignmentMax = 1 << 20;

    private long _textBytesTotal;

    /// <summary>Reads everything up to the first tensor.</summary>
    public GgufFile Parse()
    {
        if (reader.Length > FileBytesMax)
        {
            throw new GgufException($"The file is {reader.Length} bytes long, more than {FileBytesMax}.");
        }

        try
        {
            var version = ReadVersion();
            var tensorCount = reader.ReadCount(24, TensorCountMax, "number of tensors");
            var keyCount = reader.ReadCount(13, KeyCountMax, "number of keys");
            var values = ReadValues(keyCount);
            var alignment = ReadAlignment(values);
            var tensors = ReadTensors(tensorCount, alignment);
            var dataOffset = Align(reader.Position, alignment);
            CheckExtent(tensors, dataOffset);
            return new GgufFile(version, reader.Length, dataOffset, values, tensors);
        }
        catch (EndOfStreamException)
        {
            throw new GgufException($"The file became shorter than {reader.Length} bytes while it was read.");
        }
    }

    private uint ReadVersion()
    {
        if (reader.Length < 4 || reader.ReadUInt32("magic number") != Magic)
        {
            throw new GgufException("The file does not begin with the letters GGUF.");
        }

        var version = reader.ReadUInt32("version");
        return version switch
        {
            2 or 3 => version,
            1 => throw new GgufException("The file has version 1 of the format, which is no longer supported."),
            _ when version != 0 && (version & 0xFFFF) == 0 =>
                throw new GgufException("The file is big-endian; only little-endian files can be loaded."),
            _ => throw new GgufException($"The file has version {version} of the format; 2 and 3 are supported."),
        };
    }

    private List<GgufValue> ReadValues(long count)
    {
        var values = new List<GgufValue>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (long index = 0; index < count; index++)
        {
            var offset = reader.Position;
            var key = ReadText(KeyBytesMax, "length of a key");
            if (key.Length == 0 || key.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0 || key.Contains('\uFFFD'))
            {
                throw new GgufException($"The key at offset {offset} is empty or holds bytes that are no text.");
            }

            if (!keys.Add(key))
            {
                throw new GgufException($"The key '{key}' appears twice; the second time at offset {offset}.");
            }

            var value = ReadValue(key);
            values.Add(value with { RecordOffset = offset, RecordBytes = reader.Position - offset });

            // Asked after each value: a sparse file can promise terabytes of them.
            if (reader.Position > HeaderBytesMax)
            {
                throw new GgufException($"The metadata is longer than {HeaderBytesMax} bytes.");
            }
        }

        return values;
    }

    private GgufValue ReadValue(string key)
    {
        var what = $"value of '{key}'";
        var type = ReadType(key);
        var value = new GgufValue { Key = key, Type = type };
        return type switch
        {
            GgufValueType.Text => value with { Text = ReadText(TextBytesMax, "length of the " + what) },
            GgufValueType.Array => ReadArray(value),
            GgufValueType.F32 => value with { Real = reader.ReadFloat32(what) },
            GgufValueType.F64 => value with { Real = reader.ReadFloat64(what) },
            _ => value with { Number = ReadInteger(reader, type, what) },
        };
    }

    private GgufValue ReadArray(GgufValue value)
    {
        var elementType = ReadType(value.Key);
        if (elementType == GgufValueType.Array)
        {
            throw new GgufException($"The array '{value.Key}' holds arrays, which are not supported.");
        }

        var elementBytes = SizeOf(elementType);
        var count = reader.ReadCount(elementBytes, ElementCountMax, $"length of the array '{value.Key}'");
        value = value with { ElementType = elementType, ElementCount = count, ElementOffset = reader.Position };
        if (elementType == GgufValueType.Text)
        {
            for (long index = 0; index < count; index++)
            {
                reader.Skip(reader.ReadCount(1, TextBytesMax, "length of a string"), "string");
            }

            return value;
        }

        if (count > IntegersKeptMax || elementType is GgufValueType.F32 or GgufValueType.F64)
        {
            reader.Skip(count * elementBytes, $"array '{value.Key}'");
            return value;
        }

        var integers = new long[count];
        for (var index = 0; index < integers.Length; index++)
        {
            integers[index] = ReadInteger(reader, elementType, "array element");
        }

        return value with { Integers = integers };
    }

    internal static long ReadInteger(GgufReader reader, GgufValueType type, string what) => type switch
    {
        GgufValueType.U8 => reader.ReadByte(what),
        GgufValueType.I8 => (sbyte)reader.ReadByte(what),
        GgufValueType.U16 => reader.ReadUInt16(what),
        GgufValueType.I16 => (short)reader.ReadUInt16(what),
        GgufValueType.U32 => reader.ReadUInt32(what),
        GgufValueType.I32 => (int)reader.ReadUInt32(what),
        GgufValueType.Bool => reader.ReadByte(what) == 0 ? 0 : 1,
        _ => (long)reader.ReadUInt64(what),
    };

    private GgufValueType ReadType(string key)
    {
        var offset = reader.Position;
        var type = reader.ReadUInt32($"type of '{key}'");
        return type <= (uint)GgufValueType.F64
            ? (GgufValueType)type
            : throw new GgufException($"The key '{key}' has the unknown type {type} at offset {offset}.");
    }

    private string ReadText(long bytesMax, string what)
    {
        var text = reader.ReadString(bytesMax, what);
        _textBytesTotal += text.Length;
        return _textBytesTotal <= TextBytesTotalMax
            ? text
            : throw new GgufException($"The texts of the metadata are longer than {TextBytesTotalMax} bytes together.");
    }

    private static long ReadAlignment(List<GgufValue> values)
    {
        if (values.Find(value => value.Key == "general.alignment") is not { } value)
        {
            return AlignmentDefault;
        }

        // Native code reads the key as this type and as no other.
        return value.Type == GgufValueType.U32 && value.Number is > 0 and <= AlignmentMax
            && BitOperations.IsPow2(value.Number)
            ? value.Number
            : throw new GgufException(
                $"The key 'general.alignment' is {value.Number}; it must be a U32 power of two up to {AlignmentMax}.");
    }

    private List<GgufTensor> ReadTensors(long count, long alignment)
    {
        var tensors = new List<GgufTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        long offset = 0;
        for (long index = 0; index < count; index++)
        {
            var tensor = ReadTensor();
            if (!names.Add(tensor.Name))
            {
                throw new GgufException($"The tensor '{tensor.Name}' appears twice.");
            }

            if (tensor.Offset != offset)
            {
                throw new GgufException(
                    $"The tensor '{tensor.Name}' begins at {tensor.Offset}; after the one before it must be {offset}.");
            }

            if (tensor.Bytes > reader.Length - offset)
            {
                throw new GgufException(
                    $"The tensor '{tensor.Name}' ends after the file of {reader.Length} bytes; the file is truncated.");
            }

            offset = Align(offset + tensor.Bytes, alignment);
            tensors.Add(tensor);
        }

        return tensors;
    }

    private GgufTensor ReadTensor()
    {
        var nameOffset = reader.Position;
        var name = ReadText(TensorNameBytesMax, "length of the name of a tensor");
        if (name.Length == 0 || name.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0 || name.Contains('\uFFFD'))
        {
            throw new GgufException(
                $"The name of a tensor at offset {nameOffset} is empty or holds bytes that are no text.");
        }

        var what = $"tensor '{name}'";
        var dimensionCount = reader.ReadUInt32(what);
        if (dimensionCount > DimensionCountMax)
        {
            throw new GgufException($"The {what} has {dimensionCount} dimensions, more than {DimensionCountMax}.");
        }

        var shape = new long[dimensionCount];
        for (var index = 0; index < shape.Length; index++)
        {
            shape[index] = (long)reader.ReadUInt64(what);
        }

        var typeId = reader.ReadUInt32(what);
        if (!GgmlType.TryGet(typeId, out var type))
        {
            throw new GgufException($"The {what} has the unknown type {typeId}.");
        }

        var bytes = CountBytes(shape, type, what);
        var offset = reader.ReadUInt64(what);
        return offset <= long.MaxValue
            ? new GgufTensor(name, type, shape, (long)offset, bytes)
            : throw new GgufException($"The {what} begins at {offset}, which is outside any file.");
    }

    private static long CountBytes(long[] shape, GgmlType type, string what)
    {
        // No element takes more than eight bytes.
        var elements = 1L;
        foreach (var dimension in shape)
        {
            if (dimension <= 0 || elements > long.MaxValue / 8 / dimension)
            {
                var text = string.Join(" × ", shape.Select(each => each.ToString(CultureInfo.InvariantCulture)));
                throw new GgufException($"The {what} has the impossible shape {text}.");
            }

            elements *= dimension;
        }

        var rowElements = shape.Length > 0 ? shape[0] : 1;
        return rowElements % type.BlockElements == 0
            ? elements / type.BlockElements * type.BlockBytes
            : throw new GgufException(
                $"The {what} has rows of {rowElements}; {type.Name} needs a multiple of {type.BlockElements}.");
    }

    private void CheckExtent(List<GgufTensor> tensors, long dataOffset)
    {
        if (tensors.Count > 0 && tensors[^1] is var last && last.Offset + last.Bytes > reader.Length - dataOffset)
        {
            throw new GgufException(
                $"The tensor '{last.Name}' ends at offset {dataOffset + last.Offset + last.Bytes}, but the file is "
                + $"{reader.Length} bytes long; the file is truncated.");
        }
    }

    private static long Align(long offset, long alignment) => (offset + alignment - 1) & -alignment;

    /// <summary>Bytes of one element; of a string, the length in front of it.</summary>
    internal static int SizeOf(GgufValueType type) => type switch
    {
        GgufValueType.U8 or GgufValueType.I8 or GgufValueType.Bool => 1,
        GgufValueType.U16 or GgufValueType.I16 => 2,
        GgufValueType.U32 or GgufValueType.I32 or GgufValueType.F32 => 4,
        _ => 8,
    };
}
