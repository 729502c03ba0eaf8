using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Prompts of given lengths; a generated model has a token for each letter.</summary>
internal static class Prompts
{
    private const int WordCount = 4096;

    /// <summary>A prompt that shares no beginning with one of another number.</summary>
    /// <param name="length">Letters, and tokens of a generated model.</param>
    /// <param name="number">Equal numbers give equal prompts.</param>
    public static string Make(int length, int number)
    {
        var random = new Random(number);
        return string.Create(length, number, (letters, first) =>
        {
            letters[0] = (char)('!' + (first % 90));
            for (var index = 1; index < letters.Length; index++)
            {
                letters[index] = (char)('a' + random.Next(26));
            }
        });
    }

    /// <summary>Words that an embedding model has a token for each.</summary>
    /// <param name="count">Words.</param>
    /// <param name="number">Equal numbers give equal texts.</param>
    public static string MakeWords(int count, int number)
    {
        var random = new Random(number);
        return string.Join(' ', Enumerable.Range(0, count).Select(_ => WordPieces.Make(random.Next(WordCount))));
    }
}
