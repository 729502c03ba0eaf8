using System.Buffers.Binary;
using System.Text;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>
/// Reads little-endian primitives and refuses to pass the end of the file. Every length is checked against what is
/// left before a byte is allocated for it.
/// </summary>
internal sealed class GgufReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Length of the file.</summary>
    public long Length { get; } = stream.Length;

    /// <summary>Offset of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that are left.</summary>
    public long Remaining => Length - Position;

    /// <summary>Goes to an offset within the file.</summary>
    public void Seek(long offset)
    {
        (_start, _end, Position) = (0, 0, offset);
        stream.Position = offset;
    }

    /// <summary>Passes over bytes; <paramref name="what"/> names them in the refusal.</summary>
    public void Skip(long bytes, string what)
    {
        Demand(bytes, what);
        if (bytes <= _end - _start)
        {
            _start += (int)bytes;
            Position += bytes;
        }
        else
        {
            Seek(Position + bytes);
        }
    }

    public byte ReadByte(string what) => Take(1, what)[0];

    public ushort ReadUInt16(string what) => BinaryPrimitives.ReadUInt16LittleEndian(Take(2, what));

    public uint ReadUInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public ulong ReadUInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    public float ReadFloat32(string what) => BinaryPrimitives.ReadSingleLittleEndian(Take(4, what));

    public double ReadFloat64(string what) => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, what));

    /// <summary>Reads a count and refuses one whose items, each this long at least, cannot be in the file.</summary>
    public long ReadCount(long itemBytesMin, long countMax, string what)
    {
        var offset = Position;
        var count = ReadUInt64(what);
        if (count > (ulong)(Remaining / itemBytesMin))
        {
            throw new GgufException(
                $"The {what} at offset {offset} is {count}, but only {Remaining} bytes follow; the file is truncated.");
        }

        return count <= (ulong)countMax
            ? (long)count
            : throw new GgufException($"The {what} at offset {offset} is {count}, more than {countMax}.");
    }

    /// <summary>Reads a string; bytes that are not UTF-8 become U+FFFD.</summary>
    public string ReadString(long bytesMax, string what)
    {
        var length = (int)ReadCount(1, bytesMax, what);
        if (length <= _buffer.Length)
        {
            return Encoding.UTF8.GetString(Take(length, what));
        }

        var bytes = new byte[length];
        stream.Position = Position;
        stream.ReadExactly(bytes);
        Seek(Position + length);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads up to 64 KiB, which are there until something else is read.</summary>
    public ReadOnlySpan<byte> ReadBytes(int bytes, string what) => Take(bytes, what);

    private ReadOnlySpan<byte> Take(int bytes, string what)
    {
        Demand(bytes, what);
        if (_end - _start < bytes)
        {
            Fill(bytes, what);
        }

        var taken = _buffer.AsSpan(_start, bytes);
        _start += bytes;
        Position += bytes;
        return taken;
    }

    private void Fill(int bytesMin, string what)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        stream.Position = Position + _end;
        while (_end < bytesMin)
        {
            var count = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (count == 0)
            {
                throw new GgufException($"The file ends at offset {Position + _end}, within the {what}.");
            }

            _end += count;
        }
    }

    private void Demand(long bytes, string what)
    {
        if (bytes > Remaining)
        {
            throw new GgufException(
                $"The file ends at offset {Length}, within the {what} that begins at offset {Position}.");
        }
    }
}
