using System.Buffers;
using System.Text;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// The vocabulary's functions with spans; each grows its buffer when the library says how much it needs.
/// </summary>
internal static unsafe class VocabularyCalls
{
    private const int PieceBytesStart = 64;

    public static int[] Tokenize(nint vocabulary, string text, bool specialAdded, bool specialParsed)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var byteCount = Encoding.UTF8.GetBytes(text, utf8);

        // Never more tokens than bytes, but for the special ones.
        var tokens = ArrayPool<int>.Shared.Rent(byteCount + 8);
        try
        {
            fixed (byte* textPointer = utf8)
            fixed (int* tokenPointer = tokens)
            {
                var count = NativeMethods.llama_tokenize(
                    vocabulary, textPointer, byteCount, tokenPointer, tokens.Length, specialAdded, specialParsed);
                if (count >= 0)
                {
                    return tokens.AsSpan(0, count).ToArray();
                }

                var grown = new int[-count];
                fixed (int* grownPointer = grown)
                {
                    count = NativeMethods.llama_tokenize(
                        vocabulary, textPointer, byteCount, grownPointer, grown.Length, specialAdded, specialParsed);
                }

                return grown.AsSpan(0, count).ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
            ArrayPool<int>.Shared.Return(tokens);
        }
    }

    public static byte[] Piece(nint vocabulary, int token)
    {
        Span<byte> buffer = stackalloc byte[PieceBytesStart];
        var count = Piece(vocabulary, token, buffer);
        if (count < 0)
        {
            buffer = new byte[-count];
            count = Piece(vocabulary, token, buffer);
        }

        return buffer[..Math.Max(count, 0)].ToArray();
    }

    public static string Detokenize(nint vocabulary, ReadOnlySpan<int> tokens)
    {
        var buffer = new byte[Math.Max(PieceBytesStart, tokens.Length * 8)];
        var count = Detokenize(vocabulary, tokens, buffer);
        if (count < 0)
        {
            buffer = new byte[-count];
            count = Detokenize(vocabulary, tokens, buffer);
        }

        return Encoding.UTF8.GetString(buffer.AsSpan(0, Math.Max(count, 0)));
    }

    private static int Piece(nint vocabulary, int token, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            return NativeMethods.llama_token_to_piece(
                vocabulary, token, pointer, buffer.Length, leadingSpacesSkipped: 0, special: true);
        }
    }

    private static int Detokenize(nint vocabulary, ReadOnlySpan<int> tokens, Span<byte> buffer)
    {
        fixed (int* tokenPointer = tokens)
        fixed (byte* textPointer = buffer)
        {
            return NativeMethods.llama_detokenize(
                vocabulary, tokenPointer, tokens.Length, textPointer, buffer.Length, removeSpecial: false,
                unparseSpecial: true);
        }
    }
}
