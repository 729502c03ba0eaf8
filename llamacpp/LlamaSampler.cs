using Ollama.Platform.LlamaCpp.Interop;
using Ollama.Platform.LlamaCpp.Loading;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// The library's own chain of samplers, in the order they were added. One thread at a time uses it. The decode loop
/// samples in managed code; this is for grammars and to compare with.
/// </summary>
internal sealed class LlamaSampler : IDisposable
{
    private readonly LlamaSamplerHandle _chain;
    private readonly LlamaModel _model;
    private LlamaCandidate[]? _candidates;

    /// <summary>Makes an empty chain for tokens of a model.</summary>
    public LlamaSampler(LlamaModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _chain = SamplerCalls.CreateChain();
        _chain.Hold(model.Handle);
    }

    /// <summary>Number of samplers in the chain.</summary>
    public int Count => NativeSampling.llama_sampler_chain_n(_chain);

    /// <summary>Takes the highest score; the last of a chain.</summary>
    public LlamaSampler AddGreedy() => Add(NativeSampling.llama_sampler_init_greedy());

    /// <summary>Draws from the distribution; the last of a chain.</summary>
    public LlamaSampler AddDraw(uint seed) => Add(NativeSampling.llama_sampler_init_dist(seed));

    /// <summary>Keeps the k highest scores; 0 keeps all.</summary>
    public LlamaSampler AddTopK(int k) => Add(NativeSampling.llama_sampler_init_top_k(k));

    /// <summary>Keeps the likeliest tokens that together reach p.</summary>
    public LlamaSampler AddTopP(float p) => Add(NativeSampling.llama_sampler_init_top_p(p, 1));

    /// <summary>Keeps tokens at least p times as likely as the likeliest.</summary>
    public LlamaSampler AddMinP(float p) => Add(NativeSampling.llama_sampler_init_min_p(p, 1));

    /// <summary>Keeps tokens whose surprise is near the expected one, until they together reach p.</summary>
    public LlamaSampler AddTypicalP(float p) => Add(NativeSampling.llama_sampler_init_typical(p, 1));

    /// <summary>Divides scores by a temperature.</summary>
    public LlamaSampler AddTemperature(float temperature) => Add(NativeSampling.llama_sampler_init_temp(temperature));

    /// <summary>Lowers the scores of tokens that were among the last ones.</summary>
    public LlamaSampler AddPenalties(int lastTokenCount, float repeat, float frequency, float presence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lastTokenCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repeat);
        ThrowIfNotFinite(frequency);
        ThrowIfNotFinite(presence);
        return Add(NativeSampling.llama_sampler_init_penalties(
            _model.Vocabulary.Size, lastTokenCount, repeat, frequency, presence));
    }

    /// <summary>Adds to the scores of some tokens.</summary>
    public LlamaSampler AddLogitBias(ReadOnlySpan<(int Token, float Bias)> biases)
    {
        foreach (var (token, _) in biases)
        {
            ThrowIfUnknown(token);
        }

        return Add(SamplerCalls.CreateLogitBias(_model.Vocabulary.Size, biases));
    }

    /// <summary>Forbids tokens that the grammar does not allow next.</summary>
    /// <param name="grammar">Rules in GBNF.</param>
    /// <param name="root">Name of the first rule.</param>
    /// <exception cref="LlamaLoadException">The grammar does not parse; the message says where.</exception>
    public LlamaSampler AddGrammar(string grammar, string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(grammar);
        ArgumentException.ThrowIfNullOrEmpty(root);
        using var log = new LlamaLogCapture();
        var sampler = NativeSampling.llama_sampler_init_grammar(_model.Vocabulary.Address, grammar, root);
        return sampler != 0
            ? Add(sampler)
            : throw new LlamaLoadException(log.DescribeErrors("The grammar does not parse."));
    }

    /// <summary>Chooses the token after an entry of the context's last batch and accepts it.</summary>
    /// <exception cref="InvalidOperationException">The chain does not choose, or its grammar allows no
    /// token.</exception>
    public int Sample(LlamaContext context, int entry)
    {
        ArgumentNullException.ThrowIfNull(context);
        _candidates ??= new LlamaCandidate[_model.Vocabulary.Size];
        var token = SamplerCalls.Choose(_chain, context.ReadLogits(entry), _candidates);
        if (token < 0)
        {
            throw new InvalidOperationException("The chain chose no token that it allows.");
        }

        NativeSampling.llama_sampler_accept(_chain, token);
        return token;
    }

    /// <summary>Whether the chain, above all its grammar, lets a token be next.</summary>
    public bool Allows(int token)
    {
        ThrowIfUnknown(token);
        return SamplerCalls.Allows(_chain, token);
    }

    /// <summary>Tells the chain that a token was chosen.</summary>
    /// <exception cref="InvalidOperationException">The grammar forbids the token.</exception>
    public void Accept(int token)
    {
        // A grammar that accepts what it forbids throws through native frames, which ends the process.
        if (!Allows(token))
        {
            throw new InvalidOperationException($"The chain does not allow token {token}.");
        }

        NativeSampling.llama_sampler_accept(_chain, token);
    }

    /// <summary>Forgets what was accepted.</summary>
    public void Reset() => NativeSampling.llama_sampler_reset(_chain);

    /// <summary>Frees the chain.</summary>
    public void Dispose() => _chain.Dispose();

    private LlamaSampler Add(nint sampler)
    {
        NativeSampling.llama_sampler_chain_add(_chain, sampler);
        return this;
    }

    private void ThrowIfUnknown(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, _model.Vocabulary.Size);
    }

    private static void ThrowIfNotFinite(float value)
    {
        if (!float.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Penalties are finite.");
        }
    }
}
