using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Calls about samplers, with managed arguments.</summary>
internal static unsafe class SamplerCalls
{
    /// <summary>Makes an empty chain.</summary>
    public static LlamaSamplerHandle CreateChain() =>
        NativeSampling.llama_sampler_chain_init(NativeSampling.llama_sampler_chain_default_params());

    /// <summary>A sampler that adds to the scores of some tokens.</summary>
    public static nint CreateLogitBias(int vocabularySize, ReadOnlySpan<(int Token, float Bias)> biases)
    {
        var copy = new LlamaLogitBias[biases.Length];
        for (var index = 0; index < biases.Length; index++)
        {
            copy[index] = new LlamaLogitBias { token = biases[index].Token, bias = biases[index].Bias };
        }

        fixed (LlamaLogitBias* first = copy)
        {
            return NativeSampling.llama_sampler_init_logit_bias(vocabularySize, copy.Length, first);
        }
    }

    /// <summary>A sampler that lowers what would go on with a repetition.</summary>
    public static nint CreateDry(
        nint vocabulary, float multiplier, float growth, int allowedLength, int lastTokenCount,
        IReadOnlyList<string> breakers)
    {
        var texts = new nint[breakers.Count];
        try
        {
            for (var index = 0; index < texts.Length; index++)
            {
                texts[index] = Marshal.StringToCoTaskMemUTF8(breakers[index]);
            }

            fixed (nint* first = texts)
            {
                return NativeSampling.llama_sampler_init_dry(
                    vocabulary, multiplier, growth, allowedLength, lastTokenCount, (byte**)first,
                    (nuint)texts.Length);
            }
        }
        finally
        {
            Array.ForEach(texts, Marshal.FreeCoTaskMem);
        }
    }

    /// <summary>Lets a chain that does not choose work on all tokens.</summary>
    /// <returns>The tokens that are left, with their scores.</returns>
    public static (int Token, float Score)[] Narrow(LlamaSamplerHandle chain, ReadOnlySpan<float> logits)
    {
        var candidates = new LlamaCandidate[logits.Length];
        for (var token = 0; token < candidates.Length; token++)
        {
            candidates[token] = new LlamaCandidate { id = token, logit = logits[token] };
        }

        fixed (LlamaCandidate* first = candidates)
        {
            var array = new LlamaCandidateArray { data = first, size = (nuint)candidates.Length, selected = -1 };
            NativeSampling.llama_sampler_apply(chain, &array);
            var left = new (int Token, float Score)[(int)array.size];
            for (var index = 0; index < left.Length; index++)
            {
                left[index] = (array.data[index].id, array.data[index].logit);
            }

            return left;
        }
    }

    /// <summary>Lets the chain choose among all tokens.</summary>
    /// <returns>The token; −1 when the chain chose none or one that it had forbidden.</returns>
    public static int Choose(LlamaSamplerHandle chain, ReadOnlySpan<float> logits, LlamaCandidate[] candidates)
    {
        for (var token = 0; token < candidates.Length; token++)
        {
            candidates[token] = new LlamaCandidate { id = token, logit = logits[token] };
        }

        fixed (LlamaCandidate* first = candidates)
        {
            var array = new LlamaCandidateArray { data = first, size = (nuint)candidates.Length, selected = -1 };
            NativeSampling.llama_sampler_apply(chain, &array);
            var isChosen = array.selected >= 0 && array.selected < (long)array.size;
            // A sampler may point the array at memory of its own.
            return isChosen && !float.IsNegativeInfinity(array.data[array.selected].logit)
                ? array.data[array.selected].id
                : -1;
        }
    }

    /// <summary>Lets the chain work on one candidate and tells whether it is still possible after.</summary>
    public static bool Allows(LlamaSamplerHandle chain, int token)
    {
        var candidate = new LlamaCandidate { id = token, logit = 1 };
        var array = new LlamaCandidateArray { data = &candidate, size = 1, selected = -1 };
        NativeSampling.llama_sampler_apply(chain, &array);
        return !float.IsNegativeInfinity(candidate.logit);
    }
}
