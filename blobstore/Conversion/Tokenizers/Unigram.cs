using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>Vocabularies that choose the likeliest pieces of a text.</summary>
internal static class Unigram
{
    /// <summary>Reads a <c>tokenizer.json</c>.</summary>
    public static TokenTable Read(JsonElement json, int rowCount)
    {
        var model = json.Field("model");
        var table = new TokenTable(rowCount)
        {
            Model = "t5",
            HasScores = true,
            AddsSpacePrefix = Spaces.AreAdded(json),
            RemovesExtraSpaces = true,
            CharacterMap = CharacterMap(json.Field("normalizer")),
        };
        var unknown = model.Field("unk_id").AsCount();
        var id = 0;
        foreach (var entry in model.Field("vocab").Items())
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2
                || ((JsonElement?)entry[0]).AsText() is not { } text
                || ((JsonElement?)entry[1]).AsReal() is not { } score)
            {
                throw new ConversionException($"The token {id} in tokenizer.json is no pair of text and score.");
            }

            var type = id == unknown ? TokenType.Unknown : BytePairs.IsByte(text) ? TokenType.Byte : TokenType.Normal;
            table.Set(id++, text, type, (float)score);
        }

        return table;
    }

    private static byte[]? CharacterMap(JsonElement? step)
    {
        if (step.Field("precompiled_charsmap") is { ValueKind: JsonValueKind.String } map)
        {
            return map.TryGetBytesFromBase64(out var bytes)
                ? bytes
                : throw new ConversionException("The map of characters in tokenizer.json is no base64 text.");
        }

        return step.Field("normalizers").Items().Select(inner => CharacterMap(inner))
            .FirstOrDefault(inner => inner is not null);
    }
}
