using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling.Grammars;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// Chooses the tokens of one sequence in llama.cpp's order: biases, penalties, repetitions, top-σ, top-k, typical-p,
/// top-p, min-p, XTC, temperature, draw; or biases, temperature and Mirostat. Belongs to the decode thread once the
/// sequence is submitted; allocates nothing per token.
/// </summary>
internal sealed class SamplerChain
{
    // Best tokens that are checked against a grammar one by one before the whole vocabulary is.
    private const int CheckedCountMax = 64;

    // Candidates are gathered when they are so small a part of the vocabulary that copying them pays.
    private const int GatheredPart = 4;

    // A reciprocal that overflows would turn the best token's distance of zero into NaN.
    private const float ScaleMax = 1e30f;

    private readonly SamplingOptions _options;
    private readonly LogitShaping? _shaping;
    private readonly Mirostat? _mirostat;
    private readonly bool _excludes;
    private readonly bool _moves;
    private readonly bool _greedy;
    private readonly bool _uncut;
    private readonly float _scale;
    private RandomStream _random;

    /// <summary>Makes the sampler of a sequence; the same seed and logits choose the same tokens.</summary>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="seed">Seeds its random stream.</param>
    /// <param name="contextTokens">Tokens that the sequence may occupy.</param>
    /// <param name="pieces">The bytes of tokens, for what breaks a repetition; null for no breakers.</param>
    public SamplerChain(SamplingOptions options, uint seed, int contextTokens, PieceTable? pieces = null)
    {
        _options = options;
        _shaping = LogitShaping.Create(options, contextTokens, pieces);
        _mirostat = Mirostat.Create(options);
        _excludes = _mirostat is null && options.XtcProbability > 0f
            && options.XtcThreshold <= CandidateCuts.XtcThresholdMax;
        _moves = _mirostat is null && options.TemperatureRange > 0f;
        // Also greedy when the temperature is not a number.
        _greedy = !(options.Temperature > 0f) && !_excludes && !_moves;
        _uncut = options is { TypicalP: >= 1f, TopP: >= 1f, MinP: <= 0f, TopSigma: <= 0f }
            && _mirostat is null && !_excludes && !_moves;
        _scale = options.Temperature > 0f ? Math.Min(1f / options.Temperature, ScaleMax) : ScaleMax;
        _random = new RandomStream(seed);
    }

    /// <summary>Takes a token of the prompt, or the one sampled last, into the windows.</summary>
    public void Accept(int token)
    {
        _shaping?.Accept(token);
        _mirostat?.Accept();
    }

    /// <summary>Chooses a token; the logits are as before when it returns, but for infinities made finite.</summary>
    /// <param name="logits">Scores of all tokens.</param>
    /// <param name="scratch">Buffers.</param>
    /// <param name="grammar">What the token has to keep to; null for nothing.</param>
    /// <returns>The token, or −1 when there is none that is allowed and has a logit above −∞.</returns>
    /// <exception cref="GrammarOverflowException">The grammar is too ambiguous.</exception>
    public int Sample(Span<float> logits, SamplerScratch scratch, GrammarConstraint? grammar = null)
    {
        _shaping?.Apply(logits);
        try
        {
            var token = _greedy ? TopCandidates.Best(logits) : SampleRandomly(logits, scratch);
            return grammar is null || token < 0 || grammar.Allows(token)
                ? token
                : SampleAllowed(logits, scratch, grammar);
        }
        finally
        {
            _shaping?.Restore(logits);
        }
    }

    // The first choice was not allowed: the best tokens are looked through, and all of them only after that, since most
    // grammars allow a token that the model thinks probable.
    private int SampleAllowed(Span<float> logits, SamplerScratch scratch, GrammarConstraint grammar)
    {
        var countMax = _greedy ? 1 : _options.TopK > 0 && _mirostat is null ? _options.TopK : int.MaxValue;
        var count = grammar.Keep(scratch.Keys.AsSpan(0, TopCandidates.Select(logits, CheckedCountMax, scratch)));
        if (count == 0)
        {
            count = grammar.Collect(logits, scratch);
            if (count > countMax)
            {
                CandidateKey.Partition(scratch.Keys.AsSpan(0, count), countMax);
            }
        }

        count = Math.Min(count, countMax);
        return count == 0 ? -1
            : _greedy ? CandidateKey.Index(scratch.Keys[0])
            : SampleGathered(logits, count, scratch, cutsBySigma: true);
    }

    private int SampleRandomly(Span<float> logits, SamplerScratch scratch)
    {
        if (_options.TopK <= 0 || _options.TopK >= logits.Length || _mirostat is not null)
        {
            return SampleUnlimited(logits, scratch);
        }

        var count = TopCandidates.Select(logits, _options.TopK, scratch);
        if (count > 0 && _options.TopSigma > 0f)
        {
            var threshold = CandidateCuts.SigmaThreshold(logits, FiniteMax(logits), _options.TopSigma);
            while (count > 1 && logits[CandidateKey.Index(scratch.Keys[count - 1])] < threshold)
            {
                count--;
            }
        }

        return count == 0 ? -1 : SampleGathered(logits, count, scratch, cutsBySigma: false);
    }

    private int SampleUnlimited(Span<float> logits, SamplerScratch scratch)
    {
        var max = FiniteMax(logits);
        if (max == float.NegativeInfinity)
        {
            return -1;
        }

        var weights = scratch.Weights.AsSpan(0, logits.Length);
        if (_uncut)
        {
            LogitMath.Exponentiate(logits, max, _scale, weights);
            return LogitMath.Draw(weights, LogitMath.Sum(weights), _random.NextUnit());
        }

        LogitMath.Weigh(logits, max, weights);
        if (_options.TopSigma > 0f && _mirostat is null)
        {
            CandidateCuts.DropBelow(
                logits, weights, CandidateCuts.SigmaThreshold(logits, max, _options.TopSigma));
        }

        var mass = LogitMath.Sum(weights);
        var threshold = FindThreshold(max, logits.Length);
        var count = threshold == float.NegativeInfinity ? logits.Length : Gather(logits, threshold, scratch);
        return count > logits.Length / GatheredPart
            ? DrawPlace(logits, weights, mass, scratch)
            : scratch.Tokens[DrawPlace(scratch.Scores.AsSpan(0, count), weights[..count], mass, scratch)];
    }

    // The candidates whose keys are the first ones of the scratch.
    private int SampleGathered(ReadOnlySpan<float> logits, int count, SamplerScratch scratch, bool cutsBySigma)
    {
        var scores = scratch.Scores.AsSpan(0, count);
        for (var place = 0; place < count; place++)
        {
            var token = CandidateKey.Index(scratch.Keys[place]);
            scratch.Tokens[place] = token;
            scores[place] = Math.Min(logits[token], float.MaxValue);
        }

        var weights = scratch.Weights.AsSpan(0, count);
        var max = LogitMath.Max(scores);
        LogitMath.Weigh(scores, max, weights);
        if (cutsBySigma && _options.TopSigma > 0f && _mirostat is null)
        {
            CandidateCuts.DropBelow(
                scores, weights, CandidateCuts.SigmaThreshold(scores, max, _options.TopSigma));
        }

        return scratch.Tokens[DrawPlace(scores, weights, LogitMath.Sum(weights), scratch)];
    }

    // Cuts, tempers and draws; returns the place of a candidate.
    private int DrawPlace(ReadOnlySpan<float> scores, Span<float> weights, double mass, SamplerScratch scratch)
    {
        var buffer = scratch.Buffer.AsSpan(0, weights.Length);
        if (_mirostat is not null)
        {
            CandidateCuts.Temper(scores, weights, _scale, buffer);
            _mirostat.Cut(scores, weights, _scale, scratch);
            var sum = LogitMath.Sum(weights);
            var drawn = LogitMath.Draw(weights, sum, _random.NextUnit());
            _mirostat.Observe(weights[drawn] / sum);
            return drawn;
        }

        Cut(scores, weights, mass, scratch);
        var scale = _moves ? MovingScale(scores, weights) : _scale;
        CandidateCuts.Temper(scores, weights, scale, buffer);
        return LogitMath.Draw(weights, LogitMath.Sum(weights), _random.NextUnit());
    }

    private void Cut(ReadOnlySpan<float> scores, Span<float> weights, double mass, SamplerScratch scratch)
    {
        var order = scratch.Order.AsSpan(0, weights.Length);
        if (_options.TypicalP < 1f)
        {
            CandidateCuts.KeepTypical(scores, weights, mass * _options.TypicalP, order);
            mass = LogitMath.Sum(weights);
        }

        if (_options.TopP < 1f)
        {
            CandidateCuts.KeepNucleus(scores, weights, mass * _options.TopP, order);
        }

        if (_options.MinP > 0f)
        {
            CandidateCuts.DropImprobable(scores, weights, _options.MinP);
        }

        if (_excludes && _random.NextUnit() <= _options.XtcProbability)
        {
            CandidateCuts.KeepUnlikely(scores, weights, _options.XtcThreshold);
        }
    }

    private float MovingScale(ReadOnlySpan<float> scores, ReadOnlySpan<float> weights)
    {
        var lowest = Math.Max(0f, _options.Temperature - _options.TemperatureRange);
        var highest = Math.Max(0f, _options.Temperature) + _options.TemperatureRange;
        var entropy = CandidateCuts.RelativeEntropy(scores, weights);
        var temperature = lowest + ((highest - lowest) * Math.Pow(entropy, _options.TemperatureExponent));
        return Math.Min((float)(1 / temperature), ScaleMax);
    }

    // A score below which no token can survive the first of the cuts; −∞ when it cannot be told.
    private float FindThreshold(float max, int tokenCount)
    {
        if (_mirostat is not null || _options.TypicalP < 1f)
        {
            return float.NegativeInfinity;
        }

        // All tokens below together weigh less than the best one's share of what top-p leaves out.
        return _options.TopP < 1f ? max - MathF.Log(tokenCount / (1f - _options.TopP))
            : _options.MinP > 0f ? max + Math.Min(0f, MathF.Log(_options.MinP))
            : float.NegativeInfinity;
    }

    // Copies the tokens that reach a score, with their scores and weights, to the beginnings of the buffers.
    private static int Gather(ReadOnlySpan<float> logits, float threshold, SamplerScratch scratch)
    {
        var found = TopCandidates.Collect(logits, 0, logits.Length, threshold, scratch.Keys, 0);
        if (found > logits.Length / GatheredPart)
        {
            return found;
        }

        var count = 0;
        for (var place = 0; place < found; place++)
        {
            var token = CandidateKey.Index(scratch.Keys[place]);
            if (scratch.Weights[token] > 0)
            {
                (scratch.Tokens[count], scratch.Scores[count]) = (token, logits[token]);
                // Tokens ascend, so that nothing is overwritten before it is read.
                scratch.Weights[count++] = scratch.Weights[token];
            }
        }

        return count;
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
