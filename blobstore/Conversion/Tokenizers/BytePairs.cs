using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>Vocabularies that merge pairs, of bytes as GPT-2 does or of characters as SentencePiece does.</summary>
internal static class BytePairs
{
    private const int MergeCountMax = 4 * 1024 * 1024;

    /// <summary>Byte-level BPE: the engine gets the merges.</summary>
    public static TokenTable ReadBytes(JsonElement json, int rowCount)
    {
        var model = json.Field("model");
        var table = new TokenTable(rowCount)
        {
            Model = "gpt2",
            Pre = PreTokenizers.NameOf(
                json.Field("pre_tokenizer"), model.Field("ignore_merges").AsBool() == true),
            Merges = [.. Merges(model).Select(merge => $"{Escape(merge.Left)} {Escape(merge.Right)}")],
        };
        foreach (var entry in model.Field("vocab").Fields())
        {
            table.Set(IdOf(entry), entry.Name, TokenType.Normal, 0);
        }

        return table;
    }

    /// <summary>
    /// BPE over characters, from SentencePiece: the engine merges what makes the piece with the highest score, so the
    /// rank of the first merge that makes a piece, negated, leads it to merge in the same order.
    /// </summary>
    public static TokenTable ReadPieces(JsonElement json, int rowCount)
    {
        var model = json.Field("model");
        if (model.Field("byte_fallback").AsBool() != true
            && !TokenizerReader.HasStep(json.Field("pre_tokenizer"), "pretokenizers", "Metaspace")
            && !TokenizerReader.HasStep(json.Field("decoder"), "decoders", "Metaspace"))
        {
            throw new ConversionException(
                "The tokenizer merges neither bytes nor SentencePiece's pieces, which the engine cannot do.");
        }

        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        var rank = 0;
        foreach (var (left, right) in Merges(model))
        {
            ranks.TryAdd(left + right, rank++);
        }

        var table = new TokenTable(rowCount)
        {
            Model = "llama",
            HasScores = true,
            AddsSpacePrefix = Spaces.AreAdded(json),
        };
        var unknown = model.Field("unk_token").AsText();
        foreach (var entry in model.Field("vocab").Fields())
        {
            var type = entry.Name == unknown ? TokenType.Unknown
                : IsByte(entry.Name) ? TokenType.Byte : TokenType.Normal;
            table.Set(IdOf(entry), entry.Name, type, ranks.TryGetValue(entry.Name, out var known) ? -known : 0);
        }

        return table;
    }

    private static IEnumerable<(string Left, string Right)> Merges(JsonElement? model)
    {
        var count = 0;
        foreach (var merge in model.Field("merges").Items())
        {
            if (++count > MergeCountMax)
            {
                throw new ConversionException($"The tokenizer has more than {MergeCountMax} merges.");
            }

            yield return Split(merge)
                ?? throw new ConversionException($"The merge {count - 1} in tokenizer.json is no pair of texts.");
        }
    }

    private static (string Left, string Right)? Split(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array)
        {
            return merge.GetArrayLength() == 2 && ((JsonElement?)merge[0]).AsText() is { } left
                && ((JsonElement?)merge[1]).AsText() is { } right ? (left, right) : null;
        }

        return ((JsonElement?)merge).AsText()?.Split(' ') is [var first, var second] ? (first, second) : null;
    }

    // Space separates the halves; within one it is written as byte-level BPE writes bytes that are no letters.
    private static string Escape(string half) => half.Replace(' ', '\u0120');

    private static int IdOf(JsonProperty entry) => ((JsonElement?)entry.Value).AsCount()
        ?? throw new ConversionException($"The token '{entry.Name}' in tokenizer.json has no id.");

    internal static bool IsByte(string text) =>
        text is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low);
}
