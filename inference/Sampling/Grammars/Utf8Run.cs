namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>A run of code points whose UTF-8 is any combination of one byte range per place.</summary>
/// <param name="First">The range of each place, as lowest bytes.</param>
/// <param name="Last">The range of each place, as highest bytes.</param>
internal readonly record struct Utf8Run(byte[] First, byte[] Last)
{
    private static readonly int[] LengthEnds = [0x7F, 0x7FF, 0xFFFF, CodePointRange.Maximum];

    /// <summary>Splits a range of code points into such runs.</summary>
    public static IEnumerable<Utf8Run> Of(CodePointRange range)
    {
        var first = range.First;
        while (first <= range.Last)
        {
            var last = Math.Min(range.Last, LengthEnds.First(end => end >= first));
            for (var bits = 6; bits <= 18 && last > 0x7F; bits += 6)
            {
                if (Cut(first, last, (1 << bits) - 1) is var cut && cut != last)
                {
                    // What was checked before holds for the old end only.
                    (last, bits) = (cut, 0);
                }
            }

            yield return new Utf8Run(Encode(first), Encode(last));
            first = last + 1;
        }
    }

    // Either all blocks of the mask's size are whole, or there is but one.
    private static int Cut(int first, int last, int mask) =>
        (first & ~mask) == (last & ~mask) ? last
        : (first & mask) != 0 ? first | mask
        : (last & mask) != mask ? (last & ~mask) - 1
        : last;

    private static byte[] Encode(int codePoint)
    {
        Span<byte> bytes = stackalloc byte[4];
        var length = new System.Text.Rune(codePoint).EncodeToUtf8(bytes);
        return bytes[..length].ToArray();
    }
}
