using System.Buffers.Binary;
using System.Text;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// Takes little-endian values from a frame. Believes no count that the rest of the frame cannot hold, so that hostile
/// bytes cannot make it allocate more than a frame.
/// </summary>
internal ref struct FrameReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether everything was taken.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public bool Boolean() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new RunnerProtocolException($"{other} is no boolean."),
    };

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public float Single() => BitConverter.Int32BitsToSingle(Int32());

    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    public TimeSpan Duration() => new(Int64());

    /// <summary>Takes a count of elements that follow.</summary>
    /// <param name="elementBytesMin">Bytes that each takes at least.</param>
    public int Count(int elementBytesMin)
    {
        var count = Int32();
        if (count < 0 || count > _rest.Length / elementBytesMin)
        {
            throw new RunnerProtocolException($"A frame cannot hold {count} more elements.");
        }

        return count;
    }

    public string Text()
    {
        var bytes = Take(Count(1));
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new RunnerProtocolException("A text is not UTF-8.");
        }
    }

    public string? OptionalText() => Boolean() ? Text() : null;

    public string[] Texts()
    {
        var texts = new string[Count(sizeof(int))];
        for (var index = 0; index < texts.Length; index++)
        {
            texts[index] = Text();
        }

        return texts;
    }

    public int[] Integers()
    {
        var values = new int[Count(sizeof(int))];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Int32();
        }

        return values;
    }

    public float[] Vector()
    {
        var values = new float[Count(sizeof(float))];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Single();
        }

        return values;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new RunnerProtocolException("The frame ends too early.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
