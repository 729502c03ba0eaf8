using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>The sampler chain written down plainly, in double precision, with lists and sorting.</summary>
internal static class ReferenceSampler
{
    /// <summary>Tokens that can be drawn with their probabilities, in the order in which a draw walks them.</summary>
    public static List<(int Token, double Probability)> Distribution(
        float[] logits, SamplingOptions options, IReadOnlyList<int> history)
    {
        var scores = Penalize(logits, options, history);
        var all = Enumerable.Range(0, logits.Length)
            .Where(token => !double.IsNaN(scores[token]) && !double.IsNegativeInfinity(scores[token]))
            .Select(token => (Token: token, Score: scores[token]))
            .OrderByDescending(item => item.Score)
            .ThenBy(item => item.Token)
            .ToList();
        if (all.Count == 0)
        {
            return [];
        }

        if (!(options.Temperature > 0))
        {
            return [(all[0].Token, 1)];
        }

        var limited = options.TopK > 0 && options.TopK < logits.Length;
        var kept = limited ? all.Take(options.TopK).ToList() : all;
        kept = Typical(kept, options.TypicalP);
        kept = TopP(kept, options.TopP);
        kept = MinP(kept, options.MinP);
        if (!limited)
        {
            kept = [.. kept.OrderBy(item => item.Token)];
        }

        var best = kept.Max(item => item.Score);
        var weights = kept.Select(item => Math.Exp((item.Score - best) / options.Temperature)).ToList();
        var sum = weights.Sum();
        return [.. kept.Select((item, index) => (item.Token, weights[index] / sum))];
    }

    /// <summary>The token at which the running probability exceeds a share.</summary>
    public static int Draw(List<(int Token, double Probability)> distribution, double share)
    {
        foreach (var (token, probability) in distribution)
        {
            share -= probability;
            if (share < 0)
            {
                return token;
            }
        }

        return distribution[^1].Token;
    }

    private static double[] Penalize(float[] logits, SamplingOptions options, IReadOnlyList<int> history)
    {
        var scores = logits.Select(logit => (double)logit).ToArray();
        var window = options.RepeatLastTokens < 0 ? history.Count : options.RepeatLastTokens;
        foreach (var group in history.TakeLast(window).GroupBy(token => token))
        {
            ref var score = ref scores[group.Key];
            score = score <= 0 ? score * options.RepeatPenalty : score / options.RepeatPenalty;
            score -= (group.Count() * (double)options.FrequencyPenalty) + options.PresencePenalty;
        }

        return scores;
    }

    private static List<(int Token, double Score)> Typical(List<(int Token, double Score)> kept, float typicalP)
    {
        if (!(typicalP < 1))
        {
            return kept;
        }

        var probabilities = Softmax(kept);
        var entropy = -probabilities.Where(p => p > 0).Sum(p => p * Math.Log(p));
        var order = Enumerable.Range(0, kept.Count)
            .OrderBy(index => Math.Abs(-Math.Log(probabilities[index]) - entropy))
            .ToList();
        var mass = 0.0;
        var count = 0;
        while (count < order.Count && mass <= typicalP)
        {
            mass += probabilities[order[count++]];
        }

        return [.. order.Take(count).OrderBy(index => index).Select(index => kept[index])];
    }

    private static List<(int Token, double Score)> TopP(List<(int Token, double Score)> kept, float topP)
    {
        if (!(topP < 1))
        {
            return kept;
        }

        var probabilities = Softmax(kept);
        var mass = 0.0;
        for (var index = 0; index < kept.Count; index++)
        {
            mass += probabilities[index];
            if (mass >= topP)
            {
                return kept[..(index + 1)];
            }
        }

        return kept;
    }

    private static List<(int Token, double Score)> MinP(List<(int Token, double Score)> kept, float minP)
    {
        if (!(minP > 0))
        {
            return kept;
        }

        var threshold = kept[0].Score + Math.Log(minP);
        return [.. kept.Where((item, index) => index == 0 || item.Score >= threshold)];
    }

    private static List<double> Softmax(List<(int Token, double Score)> kept)
    {
        var weights = kept.Select(item => Math.Exp(item.Score - kept[0].Score)).ToList();
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
