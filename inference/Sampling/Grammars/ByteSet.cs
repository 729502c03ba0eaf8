namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>A set of byte values.</summary>
internal readonly record struct ByteSet(ulong Bits0, ulong Bits1, ulong Bits2, ulong Bits3)
{
    /// <summary>One byte.</summary>
    public static ByteSet Of(byte value) => Range(value, value);

    /// <summary>The bytes from first to last, both included.</summary>
    public static ByteSet Range(int first, int last) =>
        new(Word(first, last), Word(first - 64, last - 64), Word(first - 128, last - 128),
            Word(first - 192, last - 192));

    /// <summary>Whether a byte is in it.</summary>
    public bool Contains(int value) => (((value >> 6) switch
    {
        0 => Bits0,
        1 => Bits1,
        2 => Bits2,
        _ => Bits3,
    }) >> (value & 63) & 1) != 0;

    /// <summary>The bytes of both.</summary>
    public ByteSet With(ByteSet other) =>
        new(Bits0 | other.Bits0, Bits1 | other.Bits1, Bits2 | other.Bits2, Bits3 | other.Bits3);

    private static ulong Word(int first, int last)
    {
        first = Math.Max(first, 0);
        last = Math.Min(last, 63);
        return first > last ? 0 : (ulong.MaxValue << first) & (ulong.MaxValue >> (63 - last));
    }
}
