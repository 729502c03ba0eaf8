using System.Text;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>
/// The tokenizer's tables, checked: native code takes their lengths and the ids on trust, and aborts the process on a
/// token that appears twice, on a byte token that names no byte, and on a missing token that it is told to add.
/// </summary>
internal sealed class Vocabulary
{
    private const string Keys = "tokenizer.ggml.";
    private const int TokenTypeByte = 6;

    /// <summary>Pre-tokenizers of byte-level BPE that put the beginning token in front unless told otherwise.</summary>
    private static readonly HashSet<string> AddsBosByDefault = new(StringComparer.Ordinal)
    {
        "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano",
        "tekken", "chameleon", "gemma4",
    };

    private readonly GgufFile _file;
    private readonly string _model;
    private readonly TokenTexts _tokens;

    private Vocabulary(GgufFile file, string model, TokenTexts tokens)
    {
        (_file, _model, _tokens) = (file, model, tokens);
        BosToken = TextOf("bos_token_id", model switch { "llama" => 1, "bert" => 101, "gpt2" => 11, _ => null });
        EosToken = TextOf("eos_token_id", model switch { "llama" => 2, "t5" => 1, "gpt2" => 11, _ => null });
        FimPrefixToken = TextOf("fim_pre_token_id", null) ?? TextOf("prefix_token_id", null);
        FimSuffixToken = TextOf("fim_suf_token_id", null) ?? TextOf("suffix_token_id", null);
        FimMiddleToken = TextOf("fim_mid_token_id", null) ?? TextOf("middle_token_id", null);
        AddsBosToken = file.FindBool(Keys + "add_bos_token") ?? (model is "llama" or "bert"
            || AddsBosByDefault.Contains(file.FindText(Keys + "pre") ?? ""));
        AddsEosToken = file.FindBool(Keys + "add_eos_token") ?? model is "t5" or "bert";
    }

    public int TokenCount => _tokens.Count;

    public string? BosToken { get; }

    public string? EosToken { get; }

    public string? FimPrefixToken { get; }

    public string? FimSuffixToken { get; }

    public string? FimMiddleToken { get; }

    public bool AddsBosToken { get; }

    public bool AddsEosToken { get; }

    /// <summary>Reads the vocabulary of a parsed file.</summary>
    public static Vocabulary Read(GgufReader reader, GgufFile file)
    {
        var model = file.FindText(Keys + "model")
            ?? throw new GgufException($"The file lacks the key '{Keys}model'.");
        if (file.Find(Keys + "tokens") is not { ElementType: GgufValueType.Text, ElementCount: > 0 } list)
        {
            throw new GgufException($"The file lacks the key '{Keys}tokens' or it holds no texts.");
        }

        var tokens = TokenTexts.Read(reader, list);
        if (tokens.FindRepeated() is { } repeated)
        {
            throw new GgufException($"The token {repeated} of '{Keys}tokens' has the text of an earlier one.");
        }

        var vocabulary = new Vocabulary(file, model, tokens);
        vocabulary.CheckTables(reader);
        vocabulary.CheckAddedTokens();
        return vocabulary;
    }

    private void CheckTables(GgufReader reader)
    {
        if (_file.Find(Keys + "scores") is { } scores)
        {
            CheckTable(scores, scores.ElementType is GgufValueType.F32 or GgufValueType.I32);
        }

        if (_file.Find(Keys + "token_type") is not { } types)
        {
            return;
        }

        CheckTable(types, types.ElementType == GgufValueType.I32);
        reader.Seek(types.ElementOffset);
        for (var id = 0; id < _tokens.Count; id++)
        {
            if (reader.ReadUInt32("token type") == TokenTypeByte && !IsByte(_tokens[id]))
            {
                throw new GgufException($"The token {id} of '{Keys}tokens' should be a byte such as <0x0A>.");
            }
        }
    }

    private void CheckTable(GgufValue table, bool typeFits)
    {
        if (table.Type != GgufValueType.Array || !typeFits || table.ElementCount != _tokens.Count)
        {
            throw new GgufException(
                $"The key '{table.Key}' must hold one number for each of the {_tokens.Count} tokens.");
        }
    }

    private void CheckAddedTokens()
    {
        // It adds both whatever the file says.
        if (_model == "bert" && (BosToken is null || TextOf("seperator_token_id", 102) is null))
        {
            throw new GgufException("A WordPiece tokenizer needs a beginning and a separator token.");
        }

        if (AddsBosToken && BosToken is null)
        {
            throw new GgufException("The tokenizer adds a beginning token, but the file names none.");
        }

        if (AddsEosToken && EosToken is null && _model != "bert")
        {
            throw new GgufException("The tokenizer adds an end token, but the file names none.");
        }

        TextOf("eot_token_id", null);
        TextOf("eom_token_id", null);
    }

    /// <summary>
    /// Text of the token under a key. An id of −1 says that there is none; native code then takes its default, if the
    /// vocabulary reaches so far.
    /// </summary>
    private string? TextOf(string name, int? idDefault)
    {
        var id = _file.FindInteger(Keys + name);
        if (id is null or -1 or uint.MaxValue)
        {
            id = idDefault < _tokens.Count ? idDefault : null;
        }

        if (id is null)
        {
            return null;
        }

        return id >= 0 && id < _tokens.Count
            ? Encoding.UTF8.GetString(_tokens[(int)id.Value])
            : throw new GgufException($"The key '{Keys}{name}' is {id}, but there are {_tokens.Count} tokens.");
    }

    private static bool IsByte(ReadOnlySpan<byte> token) =>
        token is [(byte)'<', (byte)'0', (byte)'x', var high, var low, (byte)'>']
        && char.IsAsciiHexDigit((char)high) && char.IsAsciiHexDigit((char)low);
}
