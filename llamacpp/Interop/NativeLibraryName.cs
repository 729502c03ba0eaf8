namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>The name that every import uses; <see cref="LlamaLibrary"/> resolves it to the loaded files.</summary>
/// <remarks>
/// One name is enough: a symbol is looked up in libllama and then in libggml and libggml-base, which it needs.
/// </remarks>
internal static class NativeLibraryName
{
    public const string Llama = "llama";
}
