using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Asks a library that was just opened who it is, before anything else is called: a struct of another version would
/// be read wrongly, and that ends in a crash without a reason.
/// </summary>
internal static unsafe class LlamaHandshake
{
    /// <summary>The version of llama.cpp that the imports and structs mirror.</summary>
    public const string LlamaVersion = "0.5.0";

    /// <summary>The version of ggml that belongs to it.</summary>
    public const string GgmlVersion = "0.25.1";

    /// <summary>Compares versions and default parameters.</summary>
    /// <param name="library">Handle of libllama.</param>
    /// <param name="llamaVersion">What the library says it is.</param>
    /// <param name="ggmlVersion">What its ggml says it is.</param>
    /// <returns>Null when all fits, else the reason.</returns>
    public static string? FindMismatch(nint library, out string llamaVersion, out string ggmlVersion)
    {
        llamaVersion = ggmlVersion = "unknown";
        if (!NativeLibrary.TryGetExport(library, "llama_version", out var llama)
            || !NativeLibrary.TryGetExport(library, "ggml_version", out var ggml)
            || !NativeLibrary.TryGetExport(library, "llama_context_default_params", out var contextDefaults)
            || !NativeLibrary.TryGetExport(library, "llama_model_default_params", out var modelDefaults))
        {
            return $"it has no llama_version or ggml_version; llama.cpp {LlamaVersion} is needed";
        }

        llamaVersion = NativeText.Read(((delegate* unmanaged[Cdecl]<byte*>)llama)());
        ggmlVersion = NativeText.Read(((delegate* unmanaged[Cdecl]<byte*>)ggml)());
        // A release reports itself as 0.5.0 or 0.5.0-dev, depending on who built it.
        if (!IsVersion(llamaVersion, LlamaVersion) || !IsVersion(ggmlVersion, GgmlVersion))
        {
            return $"it is llama.cpp {llamaVersion} with ggml {ggmlVersion}; "
                + $"llama.cpp {LlamaVersion} with ggml {GgmlVersion} is needed";
        }

        var context = ((delegate* unmanaged[Cdecl]<LlamaContextParams>)contextDefaults)();
        var model = ((delegate* unmanaged[Cdecl]<LlamaModelParams>)modelDefaults)();
        return HasKnownDefaults(context) && HasKnownDefaults(model)
            ? null
            : "its default parameters are not where this binding expects them: it was built from other headers";
    }

    private static bool IsVersion(string actual, string expected) =>
        actual == expected || actual.StartsWith(expected + "-", StringComparison.Ordinal);

    private static bool HasKnownDefaults(in LlamaContextParams actual) =>
        Unsafe.SizeOf<LlamaContextParams>() == 160
        && actual is { n_ctx: 512, n_batch: 2048, n_ubatch: 512, n_seq_max: 1, n_threads: 4, n_threads_batch: 4 }
        && actual is { flash_attn_type: -1, yarn_ext_factor: -1, type_k: 1, type_v: 1, offload_kqv: 1 }
        && actual is { no_perf: 1, swa_full: 1, kv_unified: 0, samplers: 0, n_samplers: 0 };

    private static bool HasKnownDefaults(in LlamaModelParams actual) =>
        Unsafe.SizeOf<LlamaModelParams>() == 80
        && actual is { n_gpu_layers: -1, split_mode: 1, load_mode: LlamaLoadMode.Auto, lazy_mode: 1, main_gpu: 0 }
        && actual is { vocab_only: 0, check_tensors: 0, use_extra_bufts: 1, no_host: 0, no_alloc: 0 };
}
