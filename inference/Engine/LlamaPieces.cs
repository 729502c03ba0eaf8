using System.Buffers;
using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Reads and compares what the tokens of a native vocabulary stand for.</summary>
internal static class LlamaPieces
{
    // Vocabularies of one family are padded to different sizes; nobody writes what lies beyond.
    private const int PaddingMax = 128;

    // More than vocabularies have on average.
    private const int BytesPerPiece = 8;

    /// <summary>The bytes of every token.</summary>
    public static PieceTable Read(LlamaVocabulary vocabulary)
    {
        // An array a piece would be garbage several times the table's size.
        var bytes = new ArrayBufferWriter<byte>(vocabulary.Size * BytesPerPiece);
        var offsets = new int[vocabulary.Size + 1];
        var ends = new bool[vocabulary.Size];
        for (var token = 0; token < ends.Length; token++)
        {
            offsets[token + 1] = offsets[token] + vocabulary.WritePiece(token, special: true, bytes);
            ends[token] = vocabulary.IsEnd(token);
        }

        return new PieceTable(bytes.WrittenMemory, offsets, ends);
    }

    /// <summary>Why tokens of a vocabulary are not those of a table; null when they are.</summary>
    public static string? ExplainDifference(PieceTable pieces, LlamaVocabulary vocabulary)
    {
        if (Math.Abs(pieces.Count - vocabulary.Size) > PaddingMax)
        {
            return $"it has {vocabulary.Size} tokens and not {pieces.Count}";
        }

        for (var token = 0; token < Math.Min(pieces.Count, vocabulary.Size); token++)
        {
            if (!pieces[token].SequenceEqual(vocabulary.ReadPiece(token, special: true)))
            {
                return $"its token {token} is another one";
            }
        }

        return null;
    }
}
