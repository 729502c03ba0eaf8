using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Tokens and their texts. Names and meanings are the header's; <c>vocab</c> lives as long as its model.
/// </summary>
internal static unsafe partial class NativeVocabulary
{
    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_type(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_n_tokens(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte* llama_vocab_get_text(nint vocab, int token);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_vocab_is_eog(nint vocab, int token);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_vocab_is_control(nint vocab, int token);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_bos(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_eos(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_eot(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_sep(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_nl(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_vocab_get_add_bos(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_vocab_get_add_eos(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_vocab_get_add_sep(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_fim_pre(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_fim_suf(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_vocab_fim_mid(nint vocab);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_tokenize(
        nint vocab, byte* text, int textLength, int* tokens, int tokensMax, byte addSpecial, byte parseSpecial);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_token_to_piece(
        nint vocab, int token, byte* buffer, int bufferLength, int lstrip, byte special);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_detokenize(
        nint vocab, int* tokens, int tokenCount, byte* text, int textMax, byte removeSpecial, byte unparseSpecial);
}
