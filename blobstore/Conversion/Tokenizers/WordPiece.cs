using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>The vocabularies of BERT. The engine marks what begins a word, BERT marks what goes on with one.</summary>
internal static class WordPiece
{
    /// <summary>Reads a <c>tokenizer.json</c>.</summary>
    public static TokenTable Read(JsonElement json, int rowCount)
    {
        var model = json.Field("model");
        var (lowercases, stripsAccents) = Normalizing(json.Field("normalizer"));
        var table = new TokenTable(rowCount)
        {
            Model = "bert",
            Lowercases = lowercases,
            StripsAccents = stripsAccents,
        };
        var special = json.Field("added_tokens").Items()
            .Where(token => token.Field("special").AsBool() == true)
            .Select(token => token.Field("content").AsText())
            .ToHashSet(StringComparer.Ordinal);
        var continues = model.Field("continuing_subword_prefix").AsText() ?? "##";
        foreach (var entry in model.Field("vocab").Fields())
        {
            var id = ((JsonElement?)entry.Value).AsCount()
                ?? throw new ConversionException($"The token '{entry.Name}' in tokenizer.json has no id.");
            var text = special.Contains(entry.Name) ? entry.Name
                : continues.Length > 0 && entry.Name.StartsWith(continues, StringComparison.Ordinal)
                    && entry.Name.Length > continues.Length ? entry.Name[continues.Length..]
                : '\u2581' + entry.Name;
            table.Set(id, text, TokenType.Normal, 0);
        }

        return table;
    }

    private static (bool? Lowercases, bool? StripsAccents) Normalizing(JsonElement? normalizer)
    {
        switch (normalizer.Field("type").AsText())
        {
            case "BertNormalizer":
                return (normalizer.Field("lowercase").AsBool(), normalizer.Field("strip_accents").AsBool());
            case "Lowercase":
                return (true, null);
            case "StripAccents":
                return (null, true);
            case "Sequence":
                var steps = normalizer.Field("normalizers").Items().Select(step => Normalizing(step)).ToList();
                return (steps.Select(step => step.Lowercases).LastOrDefault(step => step is not null) ?? false,
                    steps.Select(step => step.StripsAccents).LastOrDefault(step => step is not null));
            default:
                // Nothing changes the case of cased models.
                return (false, null);
        }
    }
}
