using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.LlamaCpp;

/// <summary>Text to tokens and back. Constant and safe to use from any thread while its model is loaded.</summary>
public sealed class LlamaVocabulary
{
    private readonly LlamaModelHandle _model;
    private readonly nint _vocabulary;

    internal LlamaVocabulary(LlamaModelHandle model)
    {
        _model = model;
        _vocabulary = NativeMethods.llama_model_get_vocab(model.Pointer);
        TokenCount = NativeMethods.llama_vocab_n_tokens(_vocabulary);
        AddsBosToken = NativeMethods.llama_vocab_get_add_bos(_vocabulary);
        AddsEosToken = NativeMethods.llama_vocab_get_add_eos(_vocabulary);
    }

    /// <summary>Number of tokens.</summary>
    public int TokenCount { get; }

    /// <summary>The tokenizer puts a beginning token in front.</summary>
    public bool AddsBosToken { get; }

    /// <summary>The tokenizer appends an end token.</summary>
    public bool AddsEosToken { get; }

    /// <summary>Splits text into tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="specialAdded">Adds the beginning and end tokens that the model wants.</param>
    /// <param name="specialParsed">Reads the text of special tokens as these tokens.</param>
    public int[] Tokenize(string text, bool specialAdded, bool specialParsed)
    {
        using var hold = new ModelHold(_model);
        return VocabularyCalls.Tokenize(_vocabulary, text, specialAdded, specialParsed);
    }

    /// <summary>The bytes of a token, the text of a special one included.</summary>
    public byte[] Piece(int token)
    {
        Check(token);
        using var hold = new ModelHold(_model);
        return VocabularyCalls.Piece(_vocabulary, token);
    }

    /// <summary>Joins tokens to text, special ones included.</summary>
    public string Detokenize(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
        {
            Check(token);
        }

        using var hold = new ModelHold(_model);
        return VocabularyCalls.Detokenize(_vocabulary, tokens);
    }

    /// <summary>Whether a token ends a sequence.</summary>
    public bool IsEnd(int token)
    {
        Check(token);
        using var hold = new ModelHold(_model);
        return NativeMethods.llama_vocab_is_eog(_vocabulary, token);
    }

    private void Check(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, TokenCount);
    }
}
