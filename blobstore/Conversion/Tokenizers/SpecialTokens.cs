using System.Text.Json;
using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>The tokens with a meaning of their own, gathered from the files in which they may be named.</summary>
internal sealed class SpecialTokens(ModelFolder folder, Hyperparameters config, TokenTable table)
{
    private const string Prefix = "tokenizer.ggml.";

    private static readonly (string Kind, string Key)[] Kinds =
    [
        ("bos", "bos_token_id"), ("eos", "eos_token_id"), ("unk", "unknown_token_id"),
        ("sep", "seperator_token_id"), ("pad", "padding_token_id"), ("cls", "cls_token_id"),
        ("mask", "mask_token_id"),
    ];

    // How families that can fill a gap spell its sides.
    private static readonly (string Key, string[] Texts)[] Gaps =
    [
        ("fim_pre_token_id", ["<|fim_prefix|>", "<fim_prefix>", "<fim-prefix>", "▁<PRE>", "<PRE>"]),
        ("fim_suf_token_id", ["<|fim_suffix|>", "<fim_suffix>", "<fim-suffix>", "▁<SUF>", "<SUF>"]),
        ("fim_mid_token_id", ["<|fim_middle|>", "<fim_middle>", "<fim-middle>", "▁<MID>", "<MID>"]),
    ];

    private readonly JsonElement? _settings = folder.ReadJson("tokenizer_config.json");
    private readonly JsonElement? _map = folder.ReadJson("special_tokens_map.json");
    private readonly JsonElement? _generation = folder.ReadJson("generation_config.json");

    /// <summary>Adds the ids and whether a beginning and an end are put around texts.</summary>
    public void AddKeys(GgufKeys keys)
    {
        var ids = Kinds.ToDictionary(kind => kind.Kind, kind => Find(kind.Kind), StringComparer.Ordinal);

        // BERT's texts begin and end with these.
        ids["bos"] ??= ids["cls"];
        ids["eos"] ??= ids["sep"];
        foreach (var (kind, key) in Kinds)
        {
            if (ids[kind] is { } id)
            {
                keys.Add(Prefix + key, (uint)id);
            }
        }

        foreach (var (key, texts) in Gaps)
        {
            if (texts.Select(text => table.Find(text)).FirstOrDefault(id => id is not null) is { } id)
            {
                keys.Add(Prefix + key, (uint)id);
            }
        }

        var (first, last) = Around();
        AddTruth(keys, "bos", ids["bos"], first);
        AddTruth(keys, "eos", ids["eos"], last);
    }

    private int? Find(string kind)
    {
        var name = kind + "_token";
        return table.Find(Text(_settings.Field(name))) ?? table.Find(Text(_map.Field(name)))
            ?? Valid(config.Find(name + "_id")) ?? Valid(_generation.Field(name + "_id"))
            ?? (table.NamedIds.TryGetValue(kind, out var id) ? id : null);
    }

    // Plain, or with how it strips the spaces around it.
    private static string? Text(JsonElement? token) => token.AsText() ?? token.Field("content").AsText();

    private int? Valid(JsonElement? id)
    {
        var first = id is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().FirstOrDefault() : id;
        return first.AsCount() is { } count && count < table.Count ? count : null;
    }

    private void AddTruth(GgufKeys keys, string kind, int? id, int? around)
    {
        bool? isAround = around is null ? null : around == id;
        bool? usual = kind == "bos" && table.Model == "gpt2" ? false : null;
        var adds = _settings.Field($"add_{kind}_token").AsBool() ?? isAround ?? usual;
        if (adds is not null)
        {
            // What is not named cannot be added.
            keys.Add($"{Prefix}add_{kind}_token", adds.Value && id is not null);
        }
    }

    /// <summary>What the tokenizer's last step puts before and after a text.</summary>
    private (int? First, int? Last) Around()
    {
        var post = folder.ReadJson("tokenizer.json").Field("post_processor");
        var steps = post.Field("processors").Items().Select(step => (JsonElement?)step).Append(post);
        foreach (var step in steps)
        {
            switch (step.Field("type").AsText())
            {
                case "TemplateProcessing" when step.Field("single").Items().ToList() is { Count: > 1 } single:
                    return (Special(single[0]), Special(single[^1]));
                case "BertProcessing" or "RobertaProcessing":
                    return (Pair(step.Field("cls")), Pair(step.Field("sep")));
            }
        }

        return (null, null);
    }

    private int? Special(JsonElement part) => table.Find(part.Field("SpecialToken").Field("id").AsText());

    private int? Pair(JsonElement? pair) => Valid(pair.Items().Skip(1).Select(item => (JsonElement?)item)
        .FirstOrDefault());
}
