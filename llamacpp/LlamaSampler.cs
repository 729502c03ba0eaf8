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

    /// <summary>Divides scores by a temperature that moves with their entropy.</summary>
    public LlamaSampler AddMovingTemperature(float temperature, float range, float exponent) =>
        Add(NativeSampling.llama_sampler_init_temp_ext(temperature, range, exponent));

    /// <summary>Keeps scores within n standard deviations of the highest.</summary>
    public LlamaSampler AddTopSigma(float n) => Add(NativeSampling.llama_sampler_init_top_n_sigma(n));

    /// <summary>Sometimes drops all but the least likely of the tokens that reach a threshold.</summary>
    public LlamaSampler AddXtc(float probability, float threshold, uint seed) =>
        Add(NativeSampling.llama_sampler_init_xtc(probability, threshold, 1, seed));

    /// <summary>Draws so that the surprise stays near tau; the last of a chain.</summary>
    /// <param name="version">1 or 2.</param>
    /// <param name="tau">The surprise in bits.</param>
    /// <param name="eta">How fast it adapts.</param>
    /// <param name="seed">Seeds the draw.</param>
    public LlamaSampler AddMirostat(int version, float tau, float eta, uint seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(version is 1 or 2, true, nameof(version));
        // 100 is what the library's own programs estimate from.
        return Add(version == 1
            ? NativeSampling.llama_sampler_init_mirostat(_model.Vocabulary.Size, seed, tau, eta, 100)
            : NativeSampling.llama_sampler_init_mirostat_v2(seed, tau, eta));
    }

    /// <summary>Lowers the scores of tokens that would go on with a repetition.</summary>
    public LlamaSampler AddDry(
        float multiplier, float growth, int allowedLength, int lastTokenCount, IReadOnlyList<string> breakers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(allowedLength);
        ArgumentOutOfRangeException.ThrowIfNegative(lastTokenCount);
        return Add(SamplerCalls.CreateDry(
            _model.Vocabulary.Address, multiplier, growth, allowedLength, lastTokenCount, breakers));
    }

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
        return Sample(context.ReadLogits(entry));
    }

    /// <summary>Chooses a token by given scores, one for each token of the vocabulary, and accepts it.</summary>
    public int Sample(ReadOnlySpan<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, _model.Vocabulary.Size);
        _candidates ??= new LlamaCandidate[_model.Vocabulary.Size];
        var token = SamplerCalls.Choose(_chain, logits, _candidates);
        if (token < 0)
        {
            throw new InvalidOperationException("The chain chose no token that it allows.");
        }

        NativeSampling.llama_sampler_accept(_chain, token);
        return token;
    }

    /// <summary>What a chain that does not choose leaves of given scores.</summary>
    public IReadOnlyList<(int Token, float Score)> Narrow(ReadOnlySpan<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, _model.Vocabulary.Size);
        return SamplerCalls.Narrow(_chain, logits);
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
