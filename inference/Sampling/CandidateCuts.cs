using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// Cuts a set of candidates down. A candidate has a score and a weight, which is e^(score − best score) while it is in
/// the set and zero once it is not. The candidates are in any order.
/// </summary>
internal static class CandidateCuts
{
    /// <summary>Above this there cannot be two candidates for <see cref="KeepUnlikely"/>.</summary>
    public const float XtcThresholdMax = 0.5f;

    /// <summary>Keeps those whose surprise is nearest to the expected one, until they exceed a weight.</summary>
    public static void KeepTypical(ReadOnlySpan<float> scores, Span<float> weights, double target, Span<ulong> order)
    {
        // A surprise is a constant minus the score, so the distance between two is that between their scores, and the
        // expected surprise belongs to the expected score.
        var center = LogitMath.WeightedSum(scores, weights) / LogitMath.Sum(weights);
        NearestCandidates.Keep(scores, weights, (float)center, target, beyond: true, order);
    }

    /// <summary>Keeps the most probable ones, until they reach a weight.</summary>
    public static void KeepNucleus(
        ReadOnlySpan<float> scores, Span<float> weights, double target, Span<ulong> order) =>
        NearestCandidates.Keep(scores, weights, Best(scores, weights), target, beyond: false, order);

    /// <summary>Drops those below a share of the best one's probability.</summary>
    public static void DropImprobable(ReadOnlySpan<float> scores, Span<float> weights, float share) =>
        DropBelow(scores, weights, Math.Min(0f, MathF.Log(share)) + Best(scores, weights));

    /// <summary>Drops scores below a threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DropBelow(ReadOnlySpan<float> scores, Span<float> weights, float threshold)
    {
        var thresholds = new Vector<float>(threshold);
        var index = 0;
        for (; index <= scores.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var reaches = Vector.GreaterThanOrEqual(new Vector<float>(scores[index..]), thresholds);
            Vector.ConditionalSelect(reaches, new Vector<float>(weights[index..]), Vector<float>.Zero)
                .CopyTo(weights[index..]);
        }

        for (; index < scores.Length; index++)
        {
            weights[index] = scores[index] >= threshold ? weights[index] : 0;
        }
    }

    /// <summary>
    /// Of those whose probability reaches a threshold, drops all but the least probable one, if there are two or more.
    /// </summary>
    public static void KeepUnlikely(ReadOnlySpan<float> scores, Span<float> weights, float threshold)
    {
        var weightMin = LogitMath.Sum(weights) * threshold;
        var (last, least) = (-1, float.PositiveInfinity);
        for (var index = 0; index < weights.Length; index++)
        {
            // Of equals the last one stays.
            if (weights[index] > 0 && weights[index] >= weightMin && scores[index] <= least)
            {
                (last, least) = (index, scores[index]);
            }
        }

        for (var index = 0; index < weights.Length; index++)
        {
            if (index != last && weights[index] > 0 && weights[index] >= weightMin)
            {
                weights[index] = 0;
            }
        }
    }

    /// <summary>Gives the candidates the weights they have at a temperature.</summary>
    /// <param name="scores">Scores.</param>
    /// <param name="weights">Weights at temperature 1; then those to draw with.</param>
    /// <param name="scale">Reciprocal of the temperature.</param>
    /// <param name="buffer">A buffer of the same length.</param>
    public static void Temper(ReadOnlySpan<float> scores, Span<float> weights, float scale, Span<float> buffer)
    {
        LogitMath.Exponentiate(scores, Best(scores, weights), scale, buffer);
        var index = 0;
        for (; index <= weights.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var inSet = Vector.GreaterThan(new Vector<float>(weights[index..]), Vector<float>.Zero);
            Vector.ConditionalSelect(inSet, new Vector<float>(buffer[index..]), Vector<float>.Zero)
                .CopyTo(weights[index..]);
        }

        for (; index < weights.Length; index++)
        {
            weights[index] = weights[index] > 0 ? buffer[index] : 0;
        }
    }

    /// <summary>Entropy of the candidates as a share of the greatest that so many can have: 0 to 1.</summary>
    public static double RelativeEntropy(ReadOnlySpan<float> scores, ReadOnlySpan<float> weights)
    {
        var count = weights.Length - weights.Count(0f);
        if (count < 2)
        {
            return 0;
        }

        var sum = LogitMath.Sum(weights);
        var best = (double)Best(scores, weights);
        // Weights may be relative to a candidate that is no longer in the set.
        var shift = Math.Log(TensorPrimitives.Max(weights));
        var entropy = Math.Log(sum) - shift + best - (LogitMath.WeightedSum(scores, weights) / sum);
        return Math.Clamp(entropy / Math.Log(count), 0, 1);
    }

    /// <summary>The score so many standard deviations of all scores below the best one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SigmaThreshold(ReadOnlySpan<float> scores, float max, float sigmaCount)
    {
        var (sum, squares, count) = (0.0, 0.0, 0);
        foreach (var score in scores)
        {
            // False for NaN, too.
            if (score > float.NegativeInfinity)
            {
                double distance = score - max;
                sum += distance;
                squares += distance * distance;
                count++;
            }
        }

        var mean = sum / Math.Max(count, 1);
        var deviation = Math.Sqrt(Math.Max(0, (squares / Math.Max(count, 1)) - (mean * mean)));
        return (float)(max - (sigmaCount * deviation));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Best(ReadOnlySpan<float> scores, ReadOnlySpan<float> weights)
    {
        var best = new Vector<float>(float.NegativeInfinity);
        var index = 0;
        for (; index <= scores.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var score = new Vector<float>(scores[index..]);
            var better = Vector.GreaterThan(new Vector<float>(weights[index..]), Vector<float>.Zero)
                & Vector.GreaterThan(score, best);
            best = Vector.ConditionalSelect(better, score, best);
        }

        var result = float.NegativeInfinity;
        for (var lane = 0; lane < Vector<float>.Count; lane++)
        {
            result = Math.Max(result, best[lane]);
        }

        for (; index < scores.Length; index++)
        {
            result = weights[index] > 0 ? Math.Max(result, scores[index]) : result;
        }

        return result;
    }
}
