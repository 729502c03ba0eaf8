namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// Keeps the surprise of a text near a target: candidates that would be too surprising are cut, and how surprising the
/// chosen ones were moves the cut. Belongs to the decode thread; allocates nothing per token.
/// </summary>
/// <remarks>Basu et al., "Mirostat: a neural text decoding algorithm that directly controls perplexity".</remarks>
internal sealed class Mirostat
{
    // Best tokens from which the first version estimates how fast probabilities fall; the paper's number.
    private const int EstimateCount = 100;

    private readonly bool _estimates;
    private readonly double _target;
    private readonly double _rate;
    private double _surpriseMax;
    private double _observed = double.NaN;

    private Mirostat(SamplingOptions options)
    {
        _estimates = options.Mirostat == 1;
        (_target, _rate) = (options.MirostatTau, options.MirostatEta);
        _surpriseMax = 2 * _target;
    }

    /// <summary>What the options ask for; null for nothing.</summary>
    public static Mirostat? Create(SamplingOptions options) => options.Mirostat == 0 ? null : new Mirostat(options);

    /// <summary>Learns that the token chosen last is the next one.</summary>
    public void Accept()
    {
        if (!double.IsNaN(_observed))
        {
            _surpriseMax -= _rate * (_observed - _target);
            _observed = double.NaN;
        }
    }

    /// <summary>Sets the weights of all but the candidates that are not too surprising to zero.</summary>
    /// <param name="scores">Scores.</param>
    /// <param name="weights">Weights at the temperature.</param>
    /// <param name="scale">Reciprocal of the temperature.</param>
    /// <param name="scratch">Buffers; scores and weights may be its.</param>
    public void Cut(ReadOnlySpan<float> scores, Span<float> weights, float scale, SamplerScratch scratch)
    {
        var best = LogitMath.Max(scores);
        var threshold = _estimates
            ? FindThreshold(scores, scale, scratch)
            : best + ((Math.Log(LogitMath.Sum(weights)) - (_surpriseMax * Math.Log(2))) / scale);
        // One candidate remains in any case.
        CandidateCuts.DropBelow(scores, weights, Math.Min(best, (float)threshold));
    }

    /// <summary>Notes how surprising the token chosen is.</summary>
    /// <param name="share">Its probability among the candidates.</param>
    public void Observe(double share) => _observed = -Math.Log2(share);

    private static double Limit(double value, int count) => double.IsNaN(value) ? count : Math.Clamp(value, 1, count);

    private double FindThreshold(ReadOnlySpan<float> scores, float scale, SamplerScratch scratch)
    {
        var count = TopCandidates.Select(scores, EstimateCount, scratch);
        var (products, squares) = (0.0, 0.0);
        for (var rank = 0; rank < count - 1; rank++)
        {
            var step = Math.Log((rank + 2.0) / (rank + 1.0));
            var (higher, lower) = (CandidateKey.Index(scratch.Keys[rank]), CandidateKey.Index(scratch.Keys[rank + 1]));
            products += step * scale * ((double)scores[higher] - scores[lower]);
            squares += step * step;
        }

        var exponent = products / squares;
        var excess = exponent - 1;
        var wanted = Math.Pow(
            excess * Math.Pow(2, _surpriseMax) / (1 - Math.Pow(scratch.VocabularySize, -excess)), 1 / exponent);
        // Nothing can be estimated from equal scores or a single one: the limit of the formula is infinite.
        count = TopCandidates.Select(scores, (int)Limit(wanted, scores.Length), scratch);
        return scores[CandidateKey.Index(scratch.Keys[count - 1])];
    }
}
