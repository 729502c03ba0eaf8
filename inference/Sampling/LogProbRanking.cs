namespace Ollama.Platform.Inference.Sampling;

/// <summary>Log-probabilities over the whole vocabulary, before any sampler changed them.</summary>
internal static class LogProbRanking
{
    /// <summary>Logarithm of the sum of exponentials: a logit minus this is its log-probability.</summary>
    public static double Normalizer(ReadOnlySpan<float> logits, SamplerScratch scratch)
    {
        var max = Math.Min(LogitMath.Max(logits), float.MaxValue);
        LogitMath.Exponentiate(logits, max, 1f, scratch.Weights);
        return max + Math.Log(LogitMath.Sum(scratch.Weights.AsSpan(0, logits.Length)));
    }

    /// <summary>Writes the most probable tokens and their log-probabilities, best first.</summary>
    /// <returns>How many were written: fewer than asked for when the vocabulary has fewer that are possible.</returns>
    public static int Rank(
        ReadOnlySpan<float> logits, double normalizer, Span<int> tokens, Span<float> logProbs, SamplerScratch scratch)
    {
        if (tokens.IsEmpty)
        {
            return 0;
        }

        var count = TopCandidates.Select(logits, tokens.Length, scratch);
        for (var index = 0; index < count; index++)
        {
            tokens[index] = CandidateKey.Index(scratch.Keys[index]);
            logProbs[index] = (float)(logits[tokens[index]] - normalizer);
        }

        return count;
    }
}
