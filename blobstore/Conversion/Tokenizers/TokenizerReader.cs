using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>Reads a model's vocabulary from <c>tokenizer.json</c> or <c>tokenizer.model</c>.</summary>
internal static class TokenizerReader
{
    private const string SentencePieceName = "tokenizer.model";

    /// <summary>Reads the vocabulary with all added tokens.</summary>
    /// <param name="folder">The model's files.</param>
    /// <param name="rowCount">How many tokens the model has vectors for.</param>
    /// <exception cref="ConversionException">There is no tokenizer or none that the engine knows.</exception>
    public static TokenTable Read(ModelFolder folder, int rowCount)
    {
        var json = folder.ReadJson("tokenizer.json");
        var table = json is null
            ? ReadSentencePiece(folder, rowCount)
                ?? throw new ConversionException("There is no tokenizer.json and no tokenizer.model among the files.")
            : Read(json.Value, folder, rowCount);
        AddTokens(table, folder, json);
        return table;
    }

    private static TokenTable Read(JsonElement json, ModelFolder folder, int rowCount)
    {
        var model = json.Field("model");
        var type = model.Field("type").AsText() ?? (model.Field("merges") is null ? "" : "BPE");
        return type switch
        {
            "WordPiece" => WordPiece.Read(json, rowCount),
            "BPE" when UsesBytes(json) => BytePairs.ReadBytes(json, rowCount),
            "BPE" => ReadSentencePiece(folder, rowCount) ?? BytePairs.ReadPieces(json, rowCount),
            "Unigram" => ReadSentencePiece(folder, rowCount) ?? Unigram.Read(json, rowCount),
            _ => throw new ConversionException(
                $"The tokenizer has the type '{type}'; BPE, Unigram and WordPiece can be converted."),
        };
    }

    private static bool UsesBytes(JsonElement json) =>
        HasStep(json.Field("pre_tokenizer"), "pretokenizers", "ByteLevel")
        || HasStep(json.Field("decoder"), "decoders", "ByteLevel");

    /// <summary>A step or one within it has a type.</summary>
    public static bool HasStep(JsonElement? step, string listName, string type) =>
        step.Field("type").AsText() == type
        || step.Field(listName).Items().Any(inner => HasStep(inner, listName, type));

    private static TokenTable? ReadSentencePiece(ModelFolder folder, int rowCount) =>
        folder.ReadBytes(SentencePieceName) is { } bytes ? SentencePiece.Read(bytes, rowCount) : null;

    private static void AddTokens(TokenTable table, ModelFolder folder, JsonElement? json)
    {
        foreach (var entry in folder.ReadJson("added_tokens.json").Fields())
        {
            Add(table, ((JsonElement?)entry.Value).AsCount(), entry.Name, isSpecial: false);
        }

        var decoder = folder.ReadJson("tokenizer_config.json").Field("added_tokens_decoder");
        foreach (var entry in decoder.Fields())
        {
            Add(table, int.TryParse(entry.Name, out var id) && id >= 0 ? id : null,
                entry.Value.Field("content").AsText(), entry.Value.Field("special").AsBool() == true);
        }

        foreach (var token in json.Field("added_tokens").Items())
        {
            Add(table, token.Field("id").AsCount(), token.Field("content").AsText(),
                token.Field("special").AsBool() == true);
        }
    }

    private static void Add(TokenTable table, int? id, string? text, bool isSpecial)
    {
        if (id is not null && text is not null)
        {
            table.SetAdded(id.Value, text, isSpecial);
        }
    }
}
