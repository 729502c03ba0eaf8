using System.Globalization;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>Vocabulary of a generated embedding model: special tokens, then made-up words of one token each.</summary>
internal static class WordPieces
{
    /// <summary>Starts every input.</summary>
    public const int ClassToken = 101;

    /// <summary>Ends every input.</summary>
    public const int SeparatorToken = 102;

    /// <summary>Stands for what has no token.</summary>
    public const int UnknownToken = 100;

    /// <summary>Words start after the numbers that BERT leaves to special tokens.</summary>
    private const int FirstWord = 1000;

    // How a GGUF file marks the beginning of a word.
    private const string WordStart = "\u2581";

    /// <summary>A word, by its place among the words.</summary>
    public static string Make(int word) => "w" + word.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The text of a token.</summary>
    public static string Of(int token) => token switch
    {
        ClassToken => "[CLS]",
        SeparatorToken => "[SEP]",
        UnknownToken => "[UNK]",
        0 => "[PAD]",
        < FirstWord => string.Create(CultureInfo.InvariantCulture, $"[unused{token}]"),
        _ => WordStart + Make(token - FirstWord),
    };
}
