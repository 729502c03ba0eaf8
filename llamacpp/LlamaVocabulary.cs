using System.Buffers;
using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.LlamaCpp;

/// <summary>The tokens of a model. Immutable and thread-safe; lives as long as its model.</summary>
public sealed class LlamaVocabulary
{
    private const int NoTokenizer = 0;

    private readonly LlamaModelHandle _model;
    private readonly nint _vocab;

    internal LlamaVocabulary(LlamaModelHandle model)
    {
        _model = model;
        _vocab = NativeModel.llama_model_get_vocab(model);
        Size = NativeVocabulary.llama_vocab_n_tokens(_vocab);
        HasTokenizer = NativeVocabulary.llama_vocab_type(_vocab) != NoTokenizer;
    }

    /// <summary>Number of tokens; they are 0 … this − 1.</summary>
    public int Size { get; }

    /// <summary>False for a file without a tokenizer.</summary>
    public bool HasTokenizer { get; }

    /// <summary>The token that begins a sequence; null when there is none.</summary>
    public int? Bos => Special(NativeVocabulary.llama_vocab_bos);

    /// <summary>The token that ends a sequence; null when there is none.</summary>
    public int? Eos => Special(NativeVocabulary.llama_vocab_eos);

    /// <summary>The token that ends a turn; null when there is none.</summary>
    public int? Eot => Special(NativeVocabulary.llama_vocab_eot);

    /// <summary>The token between two texts; null when there is none.</summary>
    public int? Separator => Special(NativeVocabulary.llama_vocab_sep);

    /// <summary>The token for a line end; null when there is none.</summary>
    public int? Newline => Special(NativeVocabulary.llama_vocab_nl);

    /// <summary>
    /// The token before the code in front of the gap, in fill-in-the-middle; null when there is none.
    /// </summary>
    public int? FimPrefix => Special(NativeVocabulary.llama_vocab_fim_pre);

    /// <summary>The token before the code behind the gap; null when there is none.</summary>
    public int? FimSuffix => Special(NativeVocabulary.llama_vocab_fim_suf);

    /// <summary>The token after which the gap is filled; null when there is none.</summary>
    public int? FimMiddle => Special(NativeVocabulary.llama_vocab_fim_mid);

    /// <summary>The tokenizer puts the beginning token in front.</summary>
    public bool AddsBos => Ask(NativeVocabulary.llama_vocab_get_add_bos);

    /// <summary>The tokenizer appends the end token.</summary>
    public bool AddsEos => Ask(NativeVocabulary.llama_vocab_get_add_eos);

    /// <summary>A separator stands between two texts; one text alone may end with it.</summary>
    public bool AddsSeparator => Ask(NativeVocabulary.llama_vocab_get_add_sep);

    /// <summary>Native address, for what is made from the vocabulary.</summary>
    internal nint Address => _vocab;

    /// <summary>Whether the token ends a sequence (EOS, EOT and their like).</summary>
    public bool IsEnd(int token)
    {
        ThrowIfUnusable(token);
        return NativeVocabulary.llama_vocab_is_eog(_vocab, token) != 0;
    }

    /// <summary>Whether the token is one that steers and has no text of its own.</summary>
    public bool IsControl(int token)
    {
        ThrowIfUnusable(token);
        return NativeVocabulary.llama_vocab_is_control(_vocab, token) != 0;
    }

    /// <summary>The text as the vocabulary writes it.</summary>
    public string ReadText(int token)
    {
        ThrowIfUnusable(token);
        return VocabularyCalls.ReadText(_vocab, token);
    }

    /// <summary>The bytes that a token stands for; not necessarily whole characters.</summary>
    /// <param name="token">The token.</param>
    /// <param name="special">Special tokens too; without it they have none.</param>
    public byte[] ReadPiece(int token, bool special)
    {
        var piece = new ArrayBufferWriter<byte>();
        WritePiece(token, special, piece);
        return piece.WrittenSpan.ToArray();
    }

    /// <summary>Writes the bytes that a token stands for; not necessarily whole characters.</summary>
    /// <param name="token">The token.</param>
    /// <param name="special">Special tokens too; without it they have none.</param>
    /// <param name="destination">Gets the bytes.</param>
    /// <returns>How many.</returns>
    public int WritePiece(int token, bool special, IBufferWriter<byte> destination)
    {
        ThrowIfUnusable(token);
        return HasTokenizer ? VocabularyCalls.WritePiece(_vocab, token, special, destination) : 0;
    }

    /// <summary>Splits text into tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecial">Adds the beginning and end tokens that the model wants.</param>
    /// <param name="parseSpecial">Reads the text of special tokens as these tokens.</param>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        ThrowIfNoTokenizer();
        var tokens = VocabularyCalls.Tokenize(_vocab, text, addSpecial, parseSpecial);
        GC.KeepAlive(_model);
        return tokens;
    }

    /// <summary>Joins tokens to text.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="special">Writes special tokens too.</param>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    public string Detokenize(ReadOnlySpan<int> tokens, bool special)
    {
        ThrowIfNoTokenizer();
        foreach (var token in tokens)
        {
            ThrowIfUnusable(token);
        }

        var text = VocabularyCalls.Detokenize(_vocab, tokens, special);
        GC.KeepAlive(_model);
        return text;
    }

    private int? Special(Func<nint, int> find)
    {
        ObjectDisposedException.ThrowIf(_model.IsClosed, this);
        // −1 is the library's "none".
        return find(_vocab) is var token and >= 0 ? token : null;
    }

    private bool Ask(Func<nint, byte> ask)
    {
        ObjectDisposedException.ThrowIf(_model.IsClosed, this);
        return ask(_vocab) != 0;
    }

    private void ThrowIfNoTokenizer()
    {
        ObjectDisposedException.ThrowIf(_model.IsClosed, this);
        if (!HasTokenizer)
        {
            throw new InvalidOperationException("The model has no tokenizer.");
        }
    }

    private void ThrowIfUnusable(int token)
    {
        ObjectDisposedException.ThrowIf(_model.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Size);
    }
}
