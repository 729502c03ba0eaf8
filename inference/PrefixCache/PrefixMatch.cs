using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.PrefixCache;

/// <summary>Chooses the idle slot whose cells serve a sequence best. Pure.</summary>
internal static class PrefixMatch
{
    /// <summary>
    /// The idle slot with the longest common beginning; below the minimum an empty one, or the one idle for longest.
    /// </summary>
    /// <param name="slots">All slots.</param>
    /// <param name="sequence">The sequence to place.</param>
    /// <param name="tokensMin">Common tokens that make a slot worth preferring.</param>
    /// <param name="canCut">Whether cells can be removed at any position.</param>
    /// <param name="keptTokens">Cells of the slot that the sequence can use.</param>
    /// <returns>The slot, or null when none is idle.</returns>
    public static Slot? Choose(
        ReadOnlySpan<Slot> slots, Sequence sequence, int tokensMin, bool canCut, out int keptTokens)
    {
        Slot? best = null;
        keptTokens = 0;
        foreach (var slot in slots)
        {
            if (slot.State != SlotState.Idle)
            {
                continue;
            }

            var common = CountUsable(slot, sequence, canCut);
            if (ReferenceEquals(slot.Tokens, sequence.Tokens))
            {
                // Its own cells from before it was parked; elsewhere it would change the tokens under this slot.
                keptTokens = common;
                return slot;
            }

            if (best is null || IsBetter(slot, common, best, keptTokens, tokensMin))
            {
                best = slot;
                keptTokens = common;
            }
        }

        return best;
    }

    private static bool IsBetter(Slot slot, int common, Slot best, int bestCommon, int tokensMin)
    {
        if (Math.Max(common, bestCommon) >= tokensMin && common != bestCommon)
        {
            return common > bestCommon;
        }

        return (slot.CellCount == 0) != (best.CellCount == 0)
            ? slot.CellCount == 0
            : slot.IdleSince < best.IdleSince;
    }

    private static int CountUsable(Slot slot, Sequence sequence, bool canCut)
    {
        // The last token is computed again in any case: its logits were not kept.
        var tokensMax = Math.Min(slot.CellCount, sequence.TokenCount - 1);
        var common = slot.Tokens.AsSpan(0, tokensMax).CommonPrefixLength(sequence.Tokens.AsSpan(0, tokensMax));
        return canCut || common == slot.CellCount ? common : 0;
    }
}
