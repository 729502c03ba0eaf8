using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>Writes the parts of a GGUF header that are the same wherever the tensors come from.</summary>
internal static class GgufHeaderWriter
{
    private const uint Magic = 0x46554747;

    /// <summary>Writes what the file begins with: magic, version and the two counts.</summary>
    public static void WriteCounts(IBufferWriter<byte> header, uint version, int tensorCount, int keyCount)
    {
        Write(header, Magic);
        Write(header, version);
        Write(header, (ulong)tensorCount);
        Write(header, (ulong)keyCount);
    }

    /// <summary>Writes the table of tensors, which lie one behind the other.</summary>
    public static void WriteTable(
        IBufferWriter<byte> header,
        IEnumerable<(string Name, GgmlType Type, IReadOnlyList<long> Shape, long Bytes)> tensors, long alignment)
    {
        long offset = 0;
        foreach (var (text, type, shape, bytes) in tensors)
        {
            var name = Encoding.UTF8.GetBytes(text);
            Write(header, (ulong)name.Length);
            header.Write(name);
            Write(header, (uint)shape.Count);
            foreach (var dimension in shape)
            {
                Write(header, (ulong)dimension);
            }

            Write(header, type.Id);
            Write(header, (ulong)offset);
            offset = Align(offset + bytes, alignment);
        }
    }

    /// <summary>The next place where a tensor may begin.</summary>
    public static long Align(long offset, long alignment) => (offset + alignment - 1) & -alignment;

    private static void Write(IBufferWriter<byte> header, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header.GetSpan(sizeof(uint)), value);
        header.Advance(sizeof(uint));
    }

    private static void Write(IBufferWriter<byte> header, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(header.GetSpan(sizeof(ulong)), value);
        header.Advance(sizeof(ulong));
    }
}
