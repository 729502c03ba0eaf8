using Ollama.Platform.Inference.Sampling.Grammars;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// Chooses the tokens of one sequence: penalties, top-k, typical-p, top-p, min-p, temperature, draw. Belongs to the
/// decode thread once the sequence is submitted; allocates nothing per token.
/// </summary>
internal sealed class SamplerChain
{
    // First number of candidates tried when only top-p limits them; most distributions need fewer.
    private const int NucleusCountFirst = 256;

    // Best tokens that are checked against a grammar one by one before the whole vocabulary is.
    private const int CheckedCountMax = 64;

    // A reciprocal that overflows would turn the best token's distance of zero into NaN.
    private const float ScaleMax = 1e30f;

    private readonly SamplingOptions _options;
    private readonly PenaltyWindow? _penalties;
    private readonly bool _greedy;
    private readonly float _scale;
    private RandomStream _random;

    /// <summary>Makes the sampler of a sequence; the same seed and logits choose the same tokens.</summary>
    public SamplerChain(SamplingOptions options, uint seed, int contextTokens)
    {
        _options = options;
        _penalties = PenaltyWindow.Create(options, contextTokens);
        // Also greedy when the temperature is not a number.
        _greedy = !(options.Temperature > 0f);
        _scale = Math.Min(1f / options.Temperature, ScaleMax);
        _random = new RandomStream(seed);
    }

    /// <summary>Takes a token of the prompt, or the one sampled last, into the penalty window.</summary>
    public void Accept(int token) => _penalties?.Accept(token);

    /// <summary>Chooses a token; the logits are as before when it returns, but for infinities made finite.</summary>
    /// <param name="logits">Scores of all tokens.</param>
    /// <param name="scratch">Buffers.</param>
    /// <param name="grammar">What the token has to keep to; null for nothing.</param>
    /// <returns>The token, or −1 when there is none that is allowed and has a logit above −∞.</returns>
    /// <exception cref="GrammarOverflowException">The grammar is too ambiguous.</exception>
    public int Sample(Span<float> logits, SamplerScratch scratch, GrammarConstraint? grammar = null)
    {
        _penalties?.Apply(logits);
        var token = _greedy ? TopCandidates.Best(logits) : SampleRandomly(logits, scratch);
        if (grammar is not null && token >= 0 && !grammar.Allows(token))
        {
            token = SampleAllowed(logits, scratch, grammar);
        }

        _penalties?.Restore(logits);
        return token;
    }

    // The first choice was not allowed: the best tokens are looked through, and all of them only after that, since most
    // grammars allow a token that the model thinks probable.
    private int SampleAllowed(Span<float> logits, SamplerScratch scratch, GrammarConstraint grammar)
    {
        var count = grammar.Keep(scratch.Keys.AsSpan(0, TopCandidates.Select(logits, CheckedCountMax, scratch)));
        if (count == 0)
        {
            count = grammar.Collect(logits, scratch);
            var keys = scratch.Keys.AsSpan(0, count);
            var countMax = _greedy ? 1 : _options.TopK > 0 ? Math.Min(_options.TopK, count) : count;
            if (count > countMax)
            {
                CandidateKey.Partition(keys, countMax);
                count = countMax;
            }

            keys[..count].Sort();
        }

        return count == 0 ? -1
            : _greedy ? CandidateKey.Index(scratch.Keys[0])
            : SampleSorted(logits, _options.TopK > 0 ? Math.Min(count, _options.TopK) : count, scratch);
    }

    private int SampleRandomly(Span<float> logits, SamplerScratch scratch)
    {
        var topK = _options.TopK;
        if (topK > 0 && topK < logits.Length)
        {
            return SampleSorted(logits, TopCandidates.Select(logits, topK, scratch), scratch);
        }

        if (_options.TypicalP < 1f)
        {
            return SampleSorted(logits, TopCandidates.Select(logits, logits.Length, scratch), scratch);
        }

        var max = FiniteMax(logits);
        if (max == float.NegativeInfinity)
        {
            return -1;
        }

        if (_options.TopP < 1f)
        {
            var count = SelectNucleus(logits, max, scratch);
            return Draw(logits, CutMinP(logits, count, scratch), scratch);
        }

        if (_options.MinP > 0f)
        {
            var threshold = Math.Min(max, max + MathF.Log(_options.MinP));
            var count = TopCandidates.Collect(logits, 0, logits.Length, threshold, scratch.Keys, 0);
            return Draw(logits, count, scratch);
        }

        LogitMath.Exponentiate(logits, max, _scale, scratch.Weights);
        var weights = scratch.Weights.AsSpan(0, logits.Length);
        return LogitMath.Draw(weights, LogitMath.Sum(weights), _random.NextUnit());
    }

    private int SampleSorted(Span<float> logits, int count, SamplerScratch scratch)
    {
        if (count == 0)
        {
            return -1;
        }

        if (logits[CandidateKey.Index(scratch.Keys[0])] == float.PositiveInfinity)
        {
            LogitMath.ClampInfinity(logits);
        }

        count = CutTypical(logits, count, scratch);
        count = CutTopP(logits, count, scratch);
        count = CutMinP(logits, count, scratch);
        return Draw(logits, count, scratch);
    }

    private int CutTypical(ReadOnlySpan<float> logits, int count, SamplerScratch scratch)
    {
        if (!(_options.TypicalP < 1f))
        {
            return count;
        }

        var keys = scratch.Keys.AsSpan(0, count);
        var weights = scratch.Weights.AsSpan(0, count);
        var sum = Weigh(logits, keys, 1f, weights);
        var entropy = 0.0;
        foreach (var weight in weights)
        {
            entropy -= weight > 0 ? weight / sum * Math.Log(weight / sum) : 0;
        }

        var order = scratch.Order.AsSpan(0, count);
        for (var index = 0; index < count; index++)
        {
            var surprise = -Math.Log(weights[index] / sum);
            order[index] = CandidateKey.Ascending((float)Math.Abs(surprise - entropy), index);
        }

        order.Sort();
        var mass = 0.0;
        var kept = 0;
        while (kept < count && mass <= _options.TypicalP)
        {
            mass += weights[CandidateKey.Index(order[kept++])] / sum;
        }

        // Back to the most probable first, which the following samplers rely on.
        for (var index = 0; index < kept; index++)
        {
            order[index] = keys[CandidateKey.Index(order[index])];
        }

        order[..kept].CopyTo(keys);
        keys[..kept].Sort();
        return kept;
    }

    private int CutTopP(ReadOnlySpan<float> logits, int count, SamplerScratch scratch)
    {
        if (!(_options.TopP < 1f))
        {
            return count;
        }

        var weights = scratch.Weights.AsSpan(0, count);
        var sum = Weigh(logits, scratch.Keys.AsSpan(0, count), 1f, weights);
        return CountUntil(weights, sum * _options.TopP) is var kept && kept > 0 ? kept : count;
    }

    private int CutMinP(ReadOnlySpan<float> logits, int count, SamplerScratch scratch)
    {
        if (!(_options.MinP > 0f))
        {
            return count;
        }

        var threshold = logits[CandidateKey.Index(scratch.Keys[0])] + MathF.Log(_options.MinP);
        var kept = 1;
        while (kept < count && logits[CandidateKey.Index(scratch.Keys[kept])] >= threshold)
        {
            kept++;
        }

        return kept;
    }

    private int Draw(ReadOnlySpan<float> logits, int count, SamplerScratch scratch)
    {
        var keys = scratch.Keys.AsSpan(0, count);
        var weights = scratch.Weights.AsSpan(0, count);
        var sum = Weigh(logits, keys, _scale, weights);
        return CandidateKey.Index(keys[LogitMath.Draw(weights, sum, _random.NextUnit())]);
    }

    // The smallest set of best tokens with the probability top-p, out of the whole vocabulary.
    private int SelectNucleus(ReadOnlySpan<float> logits, float max, SamplerScratch scratch)
    {
        LogitMath.Exponentiate(logits, max, 1f, scratch.Weights);
        var target = LogitMath.Sum(scratch.Weights.AsSpan(0, logits.Length)) * _options.TopP;
        for (var countMax = NucleusCountFirst; ; countMax *= 8)
        {
            var count = TopCandidates.Select(logits, countMax, scratch);
            var weights = scratch.Weights.AsSpan(0, count);
            Weigh(logits, scratch.Keys.AsSpan(0, count), 1f, weights);
            var kept = CountUntil(weights, target);
            if (kept > 0)
            {
                return kept;
            }

            if (count < countMax)
            {
                return count;
            }
        }
    }

    // Number of weights whose running sum reaches the target; 0 when all together do not.
    private static int CountUntil(ReadOnlySpan<float> weights, double target)
    {
        var mass = 0.0;
        for (var index = 0; index < weights.Length; index++)
        {
            mass += weights[index];
            if (mass >= target)
            {
                return index + 1;
            }
        }

        return 0;
    }

    // Weights of the candidates relative to the best of them; returns their sum.
    private static double Weigh(
        ReadOnlySpan<float> logits, ReadOnlySpan<ulong> keys, float scale, Span<float> weights)
    {
        var max = float.NegativeInfinity;
        for (var index = 0; index < keys.Length; index++)
        {
            weights[index] = logits[CandidateKey.Index(keys[index])];
            max = Math.Max(max, weights[index]);
        }

        LogitMath.Exponentiate(weights, max, scale, weights);
        return LogitMath.Sum(weights);
    }

    private static float FiniteMax(Span<float> logits)
    {
        var max = LogitMath.Max(logits);
        if (max == float.PositiveInfinity)
        {
            LogitMath.ClampInfinity(logits);
            return float.MaxValue;
        }

        return max;
    }
}
