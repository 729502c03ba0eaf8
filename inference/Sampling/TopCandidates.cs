using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// Finds the best tokens of a vocabulary without sorting it: the k-th best maximum of its blocks is a threshold that
/// at least k tokens reach, and only blocks that reach it are looked at again.
/// </summary>
internal static class TopCandidates
{
    private const int BlockLengthMax = 256;

    /// <summary>Token with the greatest logit, the first of equals; −1 when there is none above −∞.</summary>
    public static int Best(ReadOnlySpan<float> logits)
    {
        var best = float.NegativeInfinity;
        var bestStart = -1;
        for (var start = 0; start < logits.Length; start += BlockLengthMax)
        {
            var max = LogitMath.Max(logits.Slice(start, Math.Min(BlockLengthMax, logits.Length - start)));
            if (max > best)
            {
                best = max;
                bestStart = start;
            }
        }

        if (bestStart < 0)
        {
            return -1;
        }

        var token = bestStart;
        while (logits[token] != best)
        {
            token++;
        }

        return token;
    }

    /// <summary>Puts the best tokens into <see cref="SamplerScratch.Keys"/>, best first; NaN and −∞ never.</summary>
    /// <returns>How many there are: as many as asked for, or fewer when fewer are above −∞.</returns>
    public static int Select(ReadOnlySpan<float> logits, int countMax, SamplerScratch scratch)
    {
        countMax = Math.Min(countMax, logits.Length);
        var count = CollectCandidates(logits, countMax, scratch);
        if (count > countMax)
        {
            CandidateKey.Partition(scratch.Keys.AsSpan(0, count), countMax);
            count = countMax;
        }

        scratch.Keys.AsSpan(0, count).Sort();
        return count;
    }

    /// <summary>Appends the tokens of a range whose logit reaches a threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Collect(
        ReadOnlySpan<float> logits, int start, int length, float threshold, ulong[] keys, int count)
    {
        var index = start;
        var end = start + length;
        var thresholds = new Vector<float>(threshold);
        while (index < end)
        {
            var vectorEnd = index + Vector<float>.Count;
            if (vectorEnd <= end && !Vector.GreaterThanOrEqualAny(new Vector<float>(logits[index..]), thresholds))
            {
                index = vectorEnd;
                continue;
            }

            for (vectorEnd = Math.Min(vectorEnd, end); index < vectorEnd; index++)
            {
                if (logits[index] >= threshold && logits[index] > float.NegativeInfinity)
                {
                    keys[count++] = CandidateKey.Descending(logits[index], index);
                }
            }
        }

        return count;
    }

    private static int CollectCandidates(ReadOnlySpan<float> logits, int countMax, SamplerScratch scratch)
    {
        // Twice as many blocks as tokens wanted keeps the threshold high.
        var blockLength = logits.Length / BlockLengthMax >= 2 * countMax
            ? BlockLengthMax
            : SamplerScratch.BlockLengthMin;
        var blockCount = (logits.Length + blockLength - 1) / blockLength;
        if (blockCount < 2 * countMax)
        {
            return Collect(logits, 0, logits.Length, float.NegativeInfinity, scratch.Keys, 0);
        }

        var blocks = scratch.BlockKeys.AsSpan(0, blockCount);
        for (var block = 0; block < blockCount; block++)
        {
            var start = block * blockLength;
            var max = LogitMath.Max(logits.Slice(start, Math.Min(blockLength, logits.Length - start)));
            blocks[block] = CandidateKey.Descending(max, block);
        }

        CandidateKey.Partition(blocks, countMax);
        blocks = blocks[..countMax];
        var last = 0UL;
        foreach (var key in blocks)
        {
            last = Math.Max(last, key);
        }

        var lastStart = CandidateKey.Index(last) * blockLength;
        var threshold = LogitMath.Max(logits.Slice(lastStart, Math.Min(blockLength, logits.Length - lastStart)));
        var count = 0;
        foreach (var key in blocks)
        {
            var start = CandidateKey.Index(key) * blockLength;
            var length = Math.Min(blockLength, logits.Length - start);
            count = Collect(logits, start, length, threshold, scratch.Keys, count);
        }

        return count;
    }
}
