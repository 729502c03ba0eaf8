using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>
/// The texts of a vocabulary as bytes: a hundred thousand strings and a set of them would take half as long again,
/// while a client waits for the model. Equal here means equal to native code, valid UTF-8 or not.
/// </summary>
internal sealed class TokenTexts
{
    private const int TextBytesMax = 64 * 1024;

    // A file that promises more is believed when it keeps its word.
    private const int FirstBytesMax = 4 * 1024 * 1024;

    private const int NameBytesMax = 32;

    private readonly ArrayBufferWriter<byte> _bytes;
    private readonly int[] _ends;

    private TokenTexts(ArrayBufferWriter<byte> bytes, int[] ends) => (_bytes, _ends) = (bytes, ends);

    /// <summary>Number of tokens.</summary>
    public int Count => _ends.Length;

    /// <summary>The text of a token.</summary>
    public ReadOnlySpan<byte> this[int id] =>
        _bytes.WrittenSpan[(id > 0 ? _ends[id - 1] : 0).._ends[id]];

    /// <summary>Reads the elements of an array of texts.</summary>
    public static TokenTexts Read(GgufReader reader, GgufValue list)
    {
        const string What = "length of a token";
        reader.Seek(list.ElementOffset);
        var bytes = new ArrayBufferWriter<byte>((int)Math.Clamp(list.RecordBytes, 1, FirstBytesMax));
        var ends = new int[list.ElementCount];
        for (var id = 0; id < ends.Length; id++)
        {
            bytes.Write(reader.ReadBytes((int)reader.ReadCount(1, TextBytesMax, What), What));
            ends[id] = bytes.WrittenCount;
        }

        return new TokenTexts(bytes, ends);
    }

    /// <summary>The first token with the text of an earlier one; null when all differ.</summary>
    public int? FindRepeated()
    {
        // Ids, one higher, by the hash of their text; at most half full, and with a hash that no file can foresee.
        var table = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Count, 1) * 2)];
        Span<byte> name = stackalloc byte[NameBytesMax];
        Span<byte> earlierName = stackalloc byte[NameBytesMax];
        for (var id = 0; id < Count; id++)
        {
            var text = NameOf(id, name);
            var place = Hash(text) & (table.Length - 1);
            while (table[place] is > 0 and var earlier)
            {
                if (NameOf(earlier - 1, earlierName).SequenceEqual(text))
                {
                    return id;
                }

                place = (place + 1) & (table.Length - 1);
            }

            table[place] = id + 1;
        }

        return null;
    }

    // Native code gives an empty token this text, which another must not have.
    private ReadOnlySpan<byte> NameOf(int id, Span<byte> space)
    {
        var text = this[id];
        if (text.Length > 0)
        {
            return text;
        }

        return Utf8.TryWrite(space, CultureInfo.InvariantCulture, $"[EMPTY_{id}]", out var written)
            ? space[..written]
            : throw new InvalidOperationException("No id is so long.");
    }

    private static int Hash(ReadOnlySpan<byte> text)
    {
        var pairs = string.GetHashCode(MemoryMarshal.Cast<byte, char>(text));
        return text.Length % 2 == 0 ? pairs : (pairs * 31) + text[^1];
    }
}
