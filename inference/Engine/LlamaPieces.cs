using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Reads and compares what the tokens of a native vocabulary stand for.</summary>
internal static class LlamaPieces
{
    // Vocabularies of one family are padded to different sizes; nobody writes what lies beyond.
    private const int PaddingMax = 128;

    /// <summary>The bytes of every token.</summary>
    public static PieceTable Read(LlamaVocabulary vocabulary)
    {
        var pieces = new byte[vocabulary.Size][];
        var ends = new bool[vocabulary.Size];
        for (var token = 0; token < pieces.Length; token++)
        {
            pieces[token] = vocabulary.ReadPiece(token, special: true);
            ends[token] = vocabulary.IsEnd(token);
        }

        return new PieceTable(pieces, ends);
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
