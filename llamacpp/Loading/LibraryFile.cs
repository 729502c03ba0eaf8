using System.Runtime.InteropServices;
using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>libllama, opened and found to be the version that the binding mirrors.</summary>
/// <param name="Handle">The dynamic linker's handle.</param>
/// <param name="LlamaVersion">What it says it is.</param>
/// <param name="GgmlVersion">What its ggml says it is.</param>
internal sealed record LibraryFile(nint Handle, string LlamaVersion, string GgmlVersion)
{
    /// <summary>Opens a file and shakes hands.</summary>
    /// <exception cref="LlamaLibraryException">It is no library or another version; it is closed again.</exception>
    public static LibraryFile Open(string path)
    {
        nint handle;
        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            // The runtime's advice comes first and the dynamic linker's reason last.
            var reasons =
                failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            throw new LlamaLibraryException($"{path} cannot be opened: {reasons[^1]}", failure);
        }

        if (LlamaHandshake.FindMismatch(handle, out var llamaVersion, out var ggmlVersion) is { } mismatch)
        {
            NativeLibrary.Free(handle);
            throw new LlamaLibraryException($"{path} cannot be used: {mismatch}.");
        }

        return new LibraryFile(handle, llamaVersion, ggmlVersion);
    }
}
