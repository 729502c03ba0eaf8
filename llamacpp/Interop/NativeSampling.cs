using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Samplers. Names and meanings are the header's; a chain owns what was added to it.</summary>
internal static unsafe partial class NativeSampling
{
    [LibraryImport(NativeLibraryName.Llama)]
    public static partial LlamaSamplerChainParams llama_sampler_chain_default_params();

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial LlamaSamplerHandle llama_sampler_chain_init(LlamaSamplerChainParams parameters);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_sampler_chain_add(LlamaSamplerHandle chain, nint sampler);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_sampler_chain_n(LlamaSamplerHandle chain);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_sampler_free(nint sampler);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_sampler_apply(LlamaSamplerHandle sampler, LlamaCandidateArray* candidates);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_sampler_accept(LlamaSamplerHandle sampler, int token);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_sampler_reset(LlamaSamplerHandle sampler);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_greedy();

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_dist(uint seed);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_top_k(int k);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_top_p(float p, nuint keptMin);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_min_p(float p, nuint keptMin);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_typical(float p, nuint keptMin);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_temp(float temperature);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_temp_ext(float temperature, float delta, float exponent);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_top_n_sigma(float n);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_xtc(float probability, float threshold, nuint keptMin, uint seed);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_mirostat(
        int vocabularySize, uint seed, float tau, float eta, int estimateCount);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_mirostat_v2(uint seed, float tau, float eta);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_dry(
        nint vocab, float multiplier, float growth, int allowedLength, int lastTokenCount, byte** breakers,
        nuint breakerCount);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_penalties(
        int vocabularySize, int lastTokenCount, float repeat, float frequency, float presence);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_sampler_init_logit_bias(int vocabularySize, int biasCount, LlamaLogitBias* biases);

    [LibraryImport(NativeLibraryName.Llama, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint llama_sampler_init_grammar(nint vocab, string grammar, string root);
}
