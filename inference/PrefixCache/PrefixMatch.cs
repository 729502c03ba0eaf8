using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.PrefixCache;

/// <summary>Where a sequence goes and whose cells it begins with. Pure.</summary>
/// <param name="Slot">The idle slot that it gets.</param>
/// <param name="KeptTokens">Cells of that slot that it can use; the rest goes.</param>
/// <param name="Source">The slot whose first cells it shares instead; null for none.</param>
/// <param name="SharedTokens">How many of them.</param>
internal readonly record struct PrefixMatch(Slot Slot, int KeptTokens, Slot? Source, int SharedTokens)
{
    // A slot of which the sequence uses this share is gone on with; what it loses is worth less than an empty slot.
    private const double ContinuedShareMin = 0.75;

    // Fewer cells are computed again in the time of a token or two.
    private const int RestTokensMin = 32;

    /// <summary>Tokens that need not be computed.</summary>
    public int TokenCount => Math.Max(KeptTokens, SharedTokens);

    /// <summary>
    /// Chooses the slot with the longest common beginning. If it is idle and the sequence goes on where it ended, the
    /// sequence gets it; otherwise an empty slot, or the one idle for longest, shares its cells.
    /// </summary>
    /// <param name="slots">All slots; one at least is idle.</param>
    /// <param name="sequence">The sequence to place.</param>
    /// <param name="limits">Common tokens that are worth it.</param>
    /// <param name="canCut">Whether cells can be removed at any position.</param>
    /// <param name="canContinueAt">Whether so many first cells of a slot are enough to go on from.</param>
    public static PrefixMatch Choose(
        ReadOnlySpan<Slot> slots, Sequence sequence, SchedulerLimits limits, bool canCut,
        Func<int, int, bool> canContinueAt)
    {
        Slot? source = null;
        var sourceTokens = 0;
        foreach (var slot in slots)
        {
            var common = CountUsable(slot, sequence, canCut, canContinueAt);
            var idle = slot.State == SlotState.Idle;
            if (idle && ReferenceEquals(slot.Tokens, sequence.Tokens))
            {
                // Its own cells from before it was parked; elsewhere it would change the tokens under this slot.
                return new PrefixMatch(slot, common, null, 0);
            }

            // A state that cannot be cut changes with the next token of its owner, so only an idle one is used.
            if (common >= limits.KeptTokensMin && (idle || canCut)
                && (common > sourceTokens || (common == sourceTokens && idle && source!.State != SlotState.Idle)))
            {
                source = slot;
                sourceTokens = common;
            }
        }

        var place = source is { State: SlotState.Idle } && (!canCut || IsContinued(source, sourceTokens, slots))
            ? source
            : FindPlace(slots, source);
        return ReferenceEquals(place, source) || source is null || sourceTokens < limits.SharedTokensMin
            ? new PrefixMatch(place, CountUsable(place, sequence, canCut, canContinueAt), null, 0)
            : new PrefixMatch(place, 0, source, sourceTokens);
    }

    /// <summary>Whether a slot loses so many of its cells that they are kept in RAM first.</summary>
    public static bool LosesMost(Slot slot, int keptTokens) => keptTokens < slot.CellCount / 2;

    // Where no slot is empty, somebody's cells go in any case, and perhaps those that another prompt would have begun
    // with. Then the rest of this slot goes, if it is hardly worth anything or will be found in RAM.
    private static bool IsContinued(Slot source, int sourceTokens, ReadOnlySpan<Slot> slots)
    {
        if (sourceTokens >= source.CellCount * ContinuedShareMin)
        {
            return true;
        }

        foreach (var slot in slots)
        {
            if (slot.State == SlotState.Idle && slot.CellCount == 0)
            {
                return false;
            }
        }

        return LosesMost(source, sourceTokens) || source.CellCount - sourceTokens < RestTokensMin;
    }

    private static Slot FindPlace(ReadOnlySpan<Slot> slots, Slot? source)
    {
        Slot? best = null;
        foreach (var slot in slots)
        {
            if (slot.State == SlotState.Idle && (best is null || IsBetter(slot, best, source)))
            {
                best = slot;
            }
        }

        return best!;
    }

    private static bool IsBetter(Slot slot, Slot best, Slot? source)
    {
        if ((slot.CellCount == 0) != (best.CellCount == 0))
        {
            return slot.CellCount == 0;
        }

        return ReferenceEquals(best, source) || (!ReferenceEquals(slot, source) && slot.IdleSince < best.IdleSince);
    }

    private static int CountUsable(
        Slot slot, Sequence sequence, bool canCut, Func<int, int, bool> canContinueAt)
    {
        if (slot.AdapterKey != sequence.AdapterKey)
        {
            return 0;
        }

        // The last token is computed again in any case: its logits were not kept.
        var tokensMax = Math.Min(slot.ReusableCellCount, sequence.TokenCount - 1);
        var common = slot.Tokens.AsSpan(0, tokensMax).CommonPrefixLength(sequence.Tokens.AsSpan(0, tokensMax));
        return common == slot.CellCount || (canCut && common > 0 && canContinueAt(slot.Index, common)) ? common : 0;
    }
}
