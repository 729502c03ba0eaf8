using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>Writes a vocabulary, its special tokens and the chat template as metadata.</summary>
internal static class TokenizerKeys
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>Reads a model's tokenizer and adds its keys.</summary>
    public static void Add(
        GgufKeys keys, ArchitectureLayout layout, ModelFolder folder, Hyperparameters config, int rowCount)
    {
        var table = TokenizerReader.Read(folder, rowCount);
        if (layout.IsEncoder)
        {
            keys.Add(Prefix + "token_type_count", config.FindCount("type_vocab_size") ?? 1);
        }

        keys.Add(Prefix + "model", table.Model);
        keys.Add(Prefix + "pre", table.Pre);
        keys.Add(Prefix + "tokens", table.Texts);
        keys.Add(Prefix + "token_type", table.Types);
        if (table.HasScores)
        {
            keys.Add(Prefix + "scores", table.Scores);
        }

        if (table.Merges is { } merges)
        {
            keys.Add(Prefix + "merges", merges);
        }

        if (table.CharacterMap is { } map)
        {
            keys.Add(Prefix + "precompiled_charsmap", map);
        }

        var settings = folder.ReadJson("tokenizer_config.json");
        AddTruth(keys, "add_space_prefix", settings.Field("add_prefix_space").AsBool() is { } adds && table.HasScores
            ? adds
            : table.AddsSpacePrefix);
        AddTruth(keys, "remove_extra_whitespaces", table.RemovesExtraSpaces);
        AddTruth(keys, "normalizer.lowercase", table.Lowercases);
        AddTruth(keys, "normalizer.strip_accents", table.StripsAccents);
        new SpecialTokens(folder, config, table).AddKeys(keys);
        if (ChatTemplates.Find(folder) is { } template)
        {
            keys.Add("tokenizer.chat_template", template);
        }
    }

    private static void AddTruth(GgufKeys keys, string name, bool? value)
    {
        if (value is not null)
        {
            keys.Add(Prefix + name, value.Value);
        }
    }
}
