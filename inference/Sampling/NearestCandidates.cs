using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// Finds the candidates nearest to a score that together have a given weight, without sorting them all: a search over
/// the distance in vectorized passes, then a sort of the few candidates that it leaves open.
/// </summary>
internal static class NearestCandidates
{
    // Sorting so few is cheaper than one more pass over the rest.
    private const int OpenCountMax = 256;

    // Floats of one exponent are told apart after 24 halvings; equal ones never are.
    private const int PassCountMax = 40;

    // Sums of this many weights are taken apart, so that single precision suffices within one.
    private const int SumBlockLength = 1024;

    /// <summary>Sets the weights of all others to zero; of equal distances the first ones are kept.</summary>
    /// <param name="scores">Finite wherever the weight is above zero.</param>
    /// <param name="weights">Zero for what is no candidate.</param>
    /// <param name="center">The score.</param>
    /// <param name="target">Weight to reach.</param>
    /// <param name="beyond">Whether it must be exceeded.</param>
    /// <param name="order">A buffer of the same length.</param>
    public static void Keep(
        ReadOnlySpan<float> scores, Span<float> weights, float center, double target, bool beyond, Span<ulong> order)
    {
        var (low, lowMass, lowCount) = (-1f, 0.0, 0);
        var (high, highCount) = (float.PositiveInfinity, scores.Length);
        var radius = 1f;
        for (var pass = 0; pass < PassCountMax && highCount - lowCount > OpenCountMax; pass++)
        {
            var (mass, count) = MeasureWithin(scores, weights, center, radius);
            if (beyond ? mass > target : mass >= target)
            {
                (high, highCount) = (radius, count);
            }
            else
            {
                (low, lowMass, lowCount) = (radius, mass, count);
            }

            radius = float.IsPositiveInfinity(high) ? 4 * low : (Math.Max(low, 0f) + high) / 2;
        }

        var openCount = CollectBetween(scores, weights, center, low, high, order);
        var open = order[..openCount];
        open.Sort();
        var kept = 0;
        while (kept < openCount
            && (lowCount + kept == 0 || (beyond ? lowMass <= target : lowMass < target)))
        {
            lowMass += weights[CandidateKey.Index(open[kept++])];
        }

        if (!float.IsPositiveInfinity(high))
        {
            DropBeyond(scores, weights, center, high);
        }

        foreach (var key in open[kept..])
        {
            weights[CandidateKey.Index(key)] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Mass, int Count) MeasureWithin(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> weights, float center, float radius)
    {
        var centers = new Vector<float>(center);
        var radii = new Vector<float>(radius);
        var mass = 0.0;
        var counts = Vector<int>.Zero;
        var index = 0;
        while (index <= scores.Length - Vector<float>.Count)
        {
            var sums = Vector<float>.Zero;
            var blockEnd = Math.Min(index + SumBlockLength, scores.Length - Vector<float>.Count + 1);
            for (; index < blockEnd; index += Vector<float>.Count)
            {
                var weight = new Vector<float>(weights[index..]);
                var distance = Vector.Abs(new Vector<float>(scores[index..]) - centers);
                var within = Vector.LessThanOrEqual(distance, radii) & Vector.GreaterThan(weight, Vector<float>.Zero);
                sums += Vector.ConditionalSelect(within, weight, Vector<float>.Zero);
                counts -= within;
            }

            mass += Vector.Sum(sums);
        }

        var count = Vector.Sum(counts);
        for (; index < scores.Length; index++)
        {
            if (weights[index] > 0 && MathF.Abs(scores[index] - center) <= radius)
            {
                mass += weights[index];
                count++;
            }
        }

        return (mass, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CollectBetween(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> weights, float center, float low, float high,
        Span<ulong> order)
    {
        var centers = new Vector<float>(center);
        var lows = new Vector<float>(low);
        var highs = new Vector<float>(high);
        var count = 0;
        var index = 0;
        while (index < scores.Length)
        {
            var end = index + Vector<float>.Count;
            if (end <= scores.Length)
            {
                var distance = Vector.Abs(new Vector<float>(scores[index..]) - centers);
                var open = Vector.GreaterThan(distance, lows) & Vector.LessThanOrEqual(distance, highs);
                if (open == Vector<int>.Zero)
                {
                    index = end;
                    continue;
                }
            }

            for (end = Math.Min(end, scores.Length); index < end; index++)
            {
                var distance = MathF.Abs(scores[index] - center);
                if (weights[index] > 0 && distance > low && distance <= high)
                {
                    order[count++] = CandidateKey.Ascending(distance, index);
                }
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DropBeyond(ReadOnlySpan<float> scores, Span<float> weights, float center, float radius)
    {
        var centers = new Vector<float>(center);
        var radii = new Vector<float>(radius);
        var index = 0;
        for (; index <= scores.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var within = Vector.LessThanOrEqual(Vector.Abs(new Vector<float>(scores[index..]) - centers), radii);
            Vector.ConditionalSelect(within, new Vector<float>(weights[index..]), Vector<float>.Zero)
                .CopyTo(weights[index..]);
        }

        for (; index < scores.Length; index++)
        {
            weights[index] = MathF.Abs(scores[index] - center) <= radius ? weights[index] : 0;
        }
    }
}
