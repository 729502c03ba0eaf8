namespace Ollama.Platform.Benchmarks.Models;

/// <summary>
/// The characters that stand for bytes in byte-level vocabularies: a printable byte for itself, every other one for a
/// character from U+0100 on, in order.
/// </summary>
internal static class ByteAlphabet
{
    /// <summary>Number of characters.</summary>
    public const int Count = 256;

    private static readonly string[] Characters = Build();

    /// <summary>The character of a byte.</summary>
    public static string Of(int value) => Characters[value];

    private static string[] Build()
    {
        var characters = new string[Count];
        var replacement = '\u0100';
        for (var value = 0; value < Count; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            characters[value] = (printable ? (char)value : replacement++).ToString();
        }

        return characters;
    }
}
