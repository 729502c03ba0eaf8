using Ollama.Platform.Inference.PrefixCache;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Whether there are cells for one more sequence. Idle slots' cells can be taken, so only what running sequences have
/// and will need counts; what they share, once. Pure.
/// </summary>
internal sealed class CellReserve(SchedulerLimits limits, bool canCut)
{
    /// <summary>Whether a sequence finds room beside those that run; alone it always does.</summary>
    public bool HasRoom(Sequence sequence, ReadOnlySpan<Slot> running, SlotPrefixes prefixes, int cellCount)
    {
        if (running.IsEmpty)
        {
            return true;
        }

        long reserved = Reserve(sequence) - CountKnown(sequence, running);
        for (var index = 0; index < running.Length; index++)
        {
            reserved += Reserve(running[index].Sequence!) - prefixes.CountShared(running[index], running[..index]);
        }

        return reserved <= cellCount;
    }

    private int Reserve(Sequence sequence)
    {
        var growth = Math.Min(limits.GrowthTokens, sequence.CompletionTokensLeft);
        return Math.Min(limits.ContextTokens, sequence.TokenCount + growth);
    }

    // First tokens that a running slot holds the cells of, or will.
    private int CountKnown(Sequence sequence, ReadOnlySpan<Slot> running)
    {
        var known = 0;
        var tokens = sequence.Tokens.AsSpan(0, sequence.TokenCount - 1);
        foreach (var slot in running)
        {
            if (canCut && slot.AdapterKey == sequence.AdapterKey)
            {
                known = Math.Max(known, tokens.CommonPrefixLength(slot.KnownTokens));
            }
        }

        return known >= limits.PrefixTokensMin ? known : 0;
    }
}
