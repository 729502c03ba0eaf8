using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Ollama.Platform.Inference.Runner;

/// <summary>Appends little-endian values to a buffer.</summary>
internal readonly ref struct FrameWriter(IBufferWriter<byte> buffer)
{
    public void Byte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    public void Boolean(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), value);
        buffer.Advance(sizeof(int));
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), value);
        buffer.Advance(sizeof(long));
    }

    public void Single(float value) => Int32(BitConverter.SingleToInt32Bits(value));

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public void Duration(TimeSpan value) => Int64(value.Ticks);

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Int32(bytes);
        Encoding.UTF8.GetBytes(value, buffer.GetSpan(bytes));
        buffer.Advance(bytes);
    }

    public void OptionalText(string? value)
    {
        Boolean(value is not null);
        if (value is not null)
        {
            Text(value);
        }
    }

    public void Texts(IReadOnlyList<string> values)
    {
        Int32(values.Count);
        foreach (var value in values)
        {
            Text(value);
        }
    }

    public void Integers(IReadOnlyList<int> values)
    {
        Int32(values.Count);
        if (values is int[] array && BitConverter.IsLittleEndian)
        {
            buffer.Write(MemoryMarshal.AsBytes(array.AsSpan()));
            return;
        }

        foreach (var value in values)
        {
            Int32(value);
        }
    }

    public void Vector(float[] values)
    {
        Int32(values.Length);
        foreach (var value in values)
        {
            Single(value);
        }
    }
}
