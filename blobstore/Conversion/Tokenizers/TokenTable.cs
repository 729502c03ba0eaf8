using System.Globalization;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>A vocabulary in the making: one row for each row of the token vectors.</summary>
internal sealed class TokenTable
{
    // Pieces that were added must not win over those that were learned.
    private const float AddedScore = -1000;
    private const float UnusedScore = -10_000;

    private readonly string?[] _texts;
    private readonly TokenType[] _types;
    private readonly float[] _scores;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>Makes room for so many tokens.</summary>
    public TokenTable(int rowCount)
    {
        (_texts, _types, _scores) = (new string?[rowCount], new TokenType[rowCount], new float[rowCount]);
        Array.Fill(_types, TokenType.Unused);
        Array.Fill(_scores, UnusedScore);
    }

    /// <summary>Name of the algorithm under <c>tokenizer.ggml.model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the splitting under <c>tokenizer.ggml.pre</c>.</summary>
    public string Pre { get; init; } = "default";

    /// <summary>Pairs to merge, in order; null when the algorithm needs none.</summary>
    public IReadOnlyList<string>? Merges { get; init; }

    /// <summary>The algorithm goes by the scores.</summary>
    public bool HasScores { get; init; }

    /// <summary>A space is put in front of a text.</summary>
    public bool? AddsSpacePrefix { get; init; }

    /// <summary>Spaces in a row become one.</summary>
    public bool? RemovesExtraSpaces { get; init; }

    /// <summary>Table of replacements of SentencePiece.</summary>
    public byte[]? CharacterMap { get; init; }

    /// <summary>Texts become lower case.</summary>
    public bool? Lowercases { get; init; }

    /// <summary>Accents are taken away.</summary>
    public bool? StripsAccents { get; init; }

    /// <summary>Ids that the vocabulary itself names, e.g. <c>bos</c>.</summary>
    public Dictionary<string, int> NamedIds { get; } = new(StringComparer.Ordinal);

    /// <summary>The texts in order of their ids; rows without one get a name of their own.</summary>
    public IReadOnlyCollection<string> Texts =>
        [.. _texts.Select((text, id) => text ?? string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]"))];

    /// <summary>The types in order of the ids.</summary>
    public IReadOnlyCollection<int> Types => [.. _types.Select(type => (int)type)];

    /// <summary>The scores in order of the ids.</summary>
    public IReadOnlyCollection<float> Scores => _scores;

    /// <summary>Number of rows.</summary>
    public int Count => _texts.Length;

    /// <summary>Id of the token with a text; null when there is none.</summary>
    public int? Find(string? text) => text is not null && _ids.TryGetValue(text, out var id) ? id : null;

    /// <summary>Sets a token of the vocabulary.</summary>
    /// <exception cref="ConversionException">There is no row for it.</exception>
    public void Set(int id, string text, TokenType type, float score)
    {
        if (id >= Count)
        {
            throw new ConversionException(
                $"The tokenizer has a token {id}, but the model has vectors for {Count} tokens.");
        }

        (_texts[id], _types[id], _scores[id]) = (text, type, score);
        _ids[text] = id;
    }

    /// <summary>Sets a token that was added to the vocabulary later. Those beyond the last row are left out.</summary>
    public void SetAdded(int id, string text, bool isSpecial)
    {
        if (id >= Count || text.Length == 0 || _types[id] is TokenType.Unknown or TokenType.Byte)
        {
            return;
        }

        _ids[text] = id;
        if (isSpecial || LooksSpecial(text))
        {
            (_texts[id], _types[id], _scores[id]) = (text, TokenType.Control, AddedScore);
        }
        else
        {
            // The engine compares these with the text as it was written.
            (_texts[id], _types[id], _scores[id]) = (text.Replace('\u2581', ' '), TokenType.UserDefined, AddedScore);
        }
    }

    // Some models forget to mark what steers them.
    private static bool LooksSpecial(string text) => text is "<pad>" or "<mask>" or "<2mass>" or "[@BOS@]"
        || (text.StartsWith("<|", StringComparison.Ordinal) && text.EndsWith("|>", StringComparison.Ordinal))
        || (text.StartsWith("<unused", StringComparison.Ordinal) && text.EndsWith('>'));
}
