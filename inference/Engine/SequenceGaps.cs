namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// Where each sequence has a cache of its own, the library computes together only sequences whose numbers follow each
/// other: a batch with gaps between them takes a pass over the weights for each group. A token that nobody wants, in
/// each gap, makes one group of them. Pure.
/// </summary>
internal static class SequenceGaps
{
    // In the time of one more token in a pass: a pass over the weights on a GPU, and each of the first few tokens on a
    // CPU, whose matrix products are no better than one product a token until there are four.
    private const int GpuPassCost = 8;
    private const int CpuTokenCost = 5;
    private const int CpuTokenCount = 3;

    /// <summary>Whether computing a token in each gap costs less than the passes that it saves.</summary>
    /// <param name="counts">Tokens of each sequence in the batch.</param>
    /// <param name="onGpu">Whether a GPU computes.</param>
    public static bool AreWorthFilling(ReadOnlySpan<int> counts, bool onGpu)
    {
        var (first, last) = (counts.IndexOfAnyExcept(0), counts.LastIndexOfAnyExcept(0));
        var (apart, group) = (0, 0);
        for (var sequence = first; sequence <= last; sequence++)
        {
            group += counts[sequence] > 0 ? 1 : 0;
            if (group > 0 && (sequence == last || counts[sequence] == 0))
            {
                apart += Cost(group, onGpu);
                group = 0;
            }
        }

        return Cost(last - first + 1, onGpu) < apart;
    }

    private static int Cost(int tokenCount, bool onGpu) => onGpu
        ? GpuPassCost + tokenCount
        : (Math.Min(tokenCount, CpuTokenCount) * CpuTokenCost) + Math.Max(0, tokenCount - CpuTokenCount);
}
