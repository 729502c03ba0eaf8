using System.Buffers;
using System.Text;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Calls about tokens, with managed arguments.</summary>
internal static unsafe class VocabularyCalls
{
    /// <summary>Splits text into tokens.</summary>
    public static int[] Tokenize(nint vocab, string text, bool addSpecial, bool parseSpecial)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        // A token stands for one byte at least, but a tokenizer may add a prefix and the special tokens.
        var tokens = ArrayPool<int>.Shared.Rent(text.Length + 16);
        try
        {
            var length = Encoding.UTF8.GetBytes(text, bytes);
            var count = Tokenize(vocab, bytes.AsSpan(0, length), tokens, addSpecial, parseSpecial);
            if (count < 0 && count != int.MinValue)
            {
                ArrayPool<int>.Shared.Return(tokens);
                tokens = ArrayPool<int>.Shared.Rent(-count);
                count = Tokenize(vocab, bytes.AsSpan(0, length), tokens, addSpecial, parseSpecial);
            }

            return count >= 0
                ? tokens.AsSpan(0, count).ToArray()
                : throw new InvalidOperationException("The text has more tokens than the library can count.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<int>.Shared.Return(tokens);
        }
    }

    /// <summary>Writes the bytes of one token.</summary>
    /// <returns>How many.</returns>
    public static int WritePiece(nint vocab, int token, bool special, IBufferWriter<byte> destination)
    {
        const int Guess = 64;
        var length = ReadPiece(vocab, token, special, destination.GetSpan(Guess));
        if (length < 0)
        {
            length = Math.Max(0, ReadPiece(vocab, token, special, destination.GetSpan(-length)));
        }

        destination.Advance(length);
        return length;
    }

    /// <summary>The text as the vocabulary writes it, e.g. <c>&lt;|im_end|&gt;</c>.</summary>
    public static string ReadText(nint vocab, int token) =>
        NativeText.Read(NativeVocabulary.llama_vocab_get_text(vocab, token));

    /// <summary>Joins tokens to text, with the rules of the vocabulary for spaces.</summary>
    public static string Detokenize(nint vocab, ReadOnlySpan<int> tokens, bool special)
    {
        var text = ArrayPool<byte>.Shared.Rent(Math.Max(256, tokens.Length * 8));
        try
        {
            var length = Detokenize(vocab, tokens, text, special);
            if (length < 0)
            {
                ArrayPool<byte>.Shared.Return(text);
                text = ArrayPool<byte>.Shared.Rent(-length);
                length = Detokenize(vocab, tokens, text, special);
            }

            return Encoding.UTF8.GetString(text, 0, Math.Max(length, 0));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    private static int ReadPiece(nint vocab, int token, bool special, Span<byte> piece)
    {
        fixed (byte* start = piece)
        {
            return NativeVocabulary.llama_token_to_piece(
                vocab, token, start, piece.Length, 0, (byte)(special ? 1 : 0));
        }
    }

    private static int Tokenize(nint vocab, ReadOnlySpan<byte> text, Span<int> tokens, bool addSpecial,
        bool parseSpecial)
    {
        fixed (byte* start = text)
        fixed (int* first = tokens)
        {
            byte empty = 0;
            return NativeVocabulary.llama_tokenize(
                vocab,
                start is null ? &empty : start,
                text.Length,
                first,
                tokens.Length,
                (byte)(addSpecial ? 1 : 0),
                (byte)(parseSpecial ? 1 : 0));
        }
    }

    private static int Detokenize(nint vocab, ReadOnlySpan<int> tokens, Span<byte> text, bool special)
    {
        fixed (int* first = tokens)
        fixed (byte* start = text)
        {
            int none = 0;
            return NativeVocabulary.llama_detokenize(
                vocab, first is null ? &none : first, tokens.Length, start, text.Length, 0, (byte)(special ? 1 : 0));
        }
    }
}
