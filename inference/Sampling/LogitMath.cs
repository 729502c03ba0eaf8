using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// Vectorized passes over logits in which NaN never wins and never spreads. Optimized from the first call on: a new
/// process would otherwise pay for the first tokens many times over.
/// </summary>
internal static class LogitMath
{
    // Sums of this many weights are taken apart, so that single precision suffices within one.
    private const int SumBlockLength = 1024;

    // So little that all tokens of a vocabulary together do not count.
    private const float WeightMin = 1e-37f;

    /// <summary>The greatest logit, or −∞ when all are NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(ReadOnlySpan<float> logits)
    {
        var best = new Vector<float>(float.NegativeInfinity);
        var second = best;
        var index = 0;
        for (; index <= logits.Length - (2 * Vector<float>.Count); index += 2 * Vector<float>.Count)
        {
            best = Greater(new Vector<float>(logits[index..]), best);
            second = Greater(new Vector<float>(logits[(index + Vector<float>.Count)..]), second);
        }

        best = Greater(second, best);
        var result = float.NegativeInfinity;
        for (var lane = 0; lane < Vector<float>.Count; lane++)
        {
            result = best[lane] > result ? best[lane] : result;
        }

        for (; index < logits.Length; index++)
        {
            result = logits[index] > result ? logits[index] : result;
        }

        return result;
    }

    /// <summary>Makes infinite logits finite, so that differences between them are numbers.</summary>
    public static void ClampInfinity(Span<float> logits)
    {
        foreach (ref var logit in logits)
        {
            logit = logit == float.PositiveInfinity ? float.MaxValue : logit;
        }
    }

    /// <summary>Weights e^((logit − max) · scale); zero for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exponentiate(ReadOnlySpan<float> logits, float max, float scale, Span<float> weights)
    {
        var maxima = new Vector<float>(max);
        var nothing = new Vector<float>(float.NegativeInfinity);
        var index = 0;
        for (; index <= logits.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var distance = (new Vector<float>(logits[index..]) - maxima) * scale;
            // The comparison is false for NaN.
            Vector.ConditionalSelect(Vector.LessThanOrEqual(distance, Vector<float>.Zero), distance, nothing)
                .CopyTo(weights[index..]);
        }

        for (; index < logits.Length; index++)
        {
            var distance = (logits[index] - max) * scale;
            weights[index] = distance <= 0 ? distance : float.NegativeInfinity;
        }

        weights = weights[..logits.Length];
        TensorPrimitives.Exp(weights, weights);
    }

    /// <summary>
    /// Weights e^(score − max), above zero for every number: a hot temperature may still choose what is hopeless at 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weigh(ReadOnlySpan<float> scores, float max, Span<float> weights)
    {
        Exponentiate(scores, max, 1f, weights);
        var least = new Vector<float>(WeightMin);
        var nothing = new Vector<float>(float.NegativeInfinity);
        var index = 0;
        for (; index <= scores.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var weight = Vector.Max(new Vector<float>(weights[index..]), least);
            Vector.ConditionalSelect(
                Vector.GreaterThan(new Vector<float>(scores[index..]), nothing), weight, Vector<float>.Zero)
                .CopyTo(weights[index..]);
        }

        for (; index < scores.Length; index++)
        {
            weights[index] = scores[index] > float.NegativeInfinity ? Math.Max(weights[index], WeightMin) : 0;
        }
    }

    /// <summary>Sum of weights.</summary>
    public static double Sum(ReadOnlySpan<float> weights)
    {
        var sum = 0.0;
        for (var start = 0; start < weights.Length; start += SumBlockLength)
        {
            sum += TensorPrimitives.Sum(weights.Slice(start, Math.Min(SumBlockLength, weights.Length - start)));
        }

        return sum;
    }

    /// <summary>Sum of scores times weights, of those with a weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double WeightedSum(ReadOnlySpan<float> scores, ReadOnlySpan<float> weights)
    {
        var sum = 0.0;
        var index = 0;
        while (index <= scores.Length - Vector<float>.Count)
        {
            var sums = Vector<float>.Zero;
            var blockEnd = Math.Min(index + SumBlockLength, scores.Length - Vector<float>.Count + 1);
            for (; index < blockEnd; index += Vector<float>.Count)
            {
                var weight = new Vector<float>(weights[index..]);
                // A score without a weight may be no number.
                sums += Vector.ConditionalSelect(
                    Vector.GreaterThan(weight, Vector<float>.Zero), new Vector<float>(scores[index..]) * weight,
                    Vector<float>.Zero);
            }

            sum += Vector.Sum(sums);
        }

        for (; index < scores.Length; index++)
        {
            sum += weights[index] > 0 ? (double)scores[index] * weights[index] : 0;
        }

        return sum;
    }

    /// <summary>Index at which the running sum of the weights exceeds a share of their sum.</summary>
    public static int Draw(ReadOnlySpan<float> weights, double sum, double share)
    {
        var rest = sum * share;
        var start = 0;
        for (; start + SumBlockLength < weights.Length; start += SumBlockLength)
        {
            double blockSum = TensorPrimitives.Sum(weights.Slice(start, SumBlockLength));
            if (rest < blockSum)
            {
                break;
            }

            rest -= blockSum;
        }

        var last = -1;
        for (var index = start; index < weights.Length; index++)
        {
            if (weights[index] <= 0)
            {
                continue;
            }

            last = index;
            rest -= weights[index];
            if (rest < 0)
            {
                return index;
            }
        }

        // Rounding used up the sum: the last token that can be drawn at all.
        return last >= 0 ? last : weights[..start].LastIndexOfAnyExcept(0f);
    }

    private static Vector<float> Greater(Vector<float> candidate, Vector<float> best) =>
        Vector.ConditionalSelect(Vector.GreaterThan(candidate, best), candidate, best);
}
