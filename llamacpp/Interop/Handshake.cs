using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Makes sure, before the first struct crosses, that the opened library is the version that the structs mirror: a
/// layout that differs would corrupt memory silently.
/// </summary>
internal static unsafe class Handshake
{
    private const string LlamaVersion = "0.5.0";
    private const string GgmlVersion = "0.25.1";

    /// <summary>Compares versions and the default values that the library itself puts into the structs.</summary>
    /// <returns>The versions, for the log.</returns>
    /// <exception cref="LlamaLibraryException">They differ.</exception>
    public static string Verify()
    {
        var llama = Text(NativeMethods.llama_version());
        var ggml = Text(NativeMethods.ggml_version());
        if (!llama.StartsWith(LlamaVersion, StringComparison.Ordinal) || ggml != GgmlVersion)
        {
            throw new LlamaLibraryException(
                $"The native library is llama.cpp {llama} with ggml {ggml}; this build needs {LlamaVersion} with {GgmlVersion}.");
        }

        var model = NativeMethods.llama_model_default_params();
        var context = NativeMethods.llama_context_default_params();
        var agrees = model is { GpuLayerCount: -1, SplitMode: 1, LoadMode: -1, UseExtraBuffers: 1 }
            && context is { ContextCells: 512, BatchTokens: 2048, MicroBatchTokens: 512, TypeK: 1, TypeV: 1 }
            && context is { YarnExtensionFactor: -1, OffloadKqv: 1, KvUnified: 0, SlidingWindowFull: 1 };
        return agrees
            ? $"llama.cpp {llama} (ggml {ggml})"
            : throw new LlamaLibraryException("The native library's default parameters are not those of its version.");
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
