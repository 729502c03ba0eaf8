using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.PrefixCache;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Changes the cells that slots hold, in the engine and in the scheduler's accounts at once. Belongs to the decode
/// thread.
/// </summary>
internal sealed class SlotCells(IEngine engine, Scheduler scheduler, SavedPrefixes saved, SchedulerLimits limits)
{
    /// <summary>Frees the cells of a slot from a position on; all of them where the model cannot cut there.</summary>
    public void Trim(Slot slot, int keptTokens)
    {
        if (slot.CellCount <= keptTokens)
        {
            return;
        }

        if (keptTokens == 0 || !engine.RemoveCells(slot.Index, keptTokens, -1))
        {
            engine.RemoveCells(slot.Index, 0, -1);
            keptTokens = 0;
        }

        slot.CellCount = keptTokens;
        scheduler.Prefixes.Cut(slot, keptTokens, scheduler.Slots);
    }

    /// <summary>Lets a slot hold the first cells of another one, or a copy, instead of what it held.</summary>
    public void Share(Slot source, Slot destination, int tokenCount)
    {
        Trim(destination, keptTokens: 0);
        engine.CopyCells(source.Index, destination.Index, tokenCount);
        destination.CellCount = tokenCount;
        if (limits.CacheUnified)
        {
            scheduler.Prefixes.Share(source, destination, tokenCount, scheduler.Slots);
        }
    }

    /// <summary>Keeps a copy of the cells of a slot in RAM, where it is worth it and there is a budget.</summary>
    /// <returns>False when the budget has no room for them or they could not be copied.</returns>
    public bool Save(Slot slot)
    {
        if (!saved.IsEnabled || slot.CellCount > slot.ReusableCellCount)
        {
            return false;
        }

        var own = slot.CellCount - scheduler.Prefixes.CountShared(slot, scheduler.Slots);
        var tokens = slot.Tokens.AsSpan(0, slot.CellCount);
        if (own < limits.SavedTokensMin || saved.Holds(tokens, slot.AdapterKey))
        {
            return true;
        }

        var bytes = engine.CountCellBytes(slot.Index) + ((long)tokens.Length * sizeof(int));
        if (!saved.HasRoomFor(bytes) || engine.SaveCells(slot.Index) is not { } state)
        {
            return false;
        }

        saved.Add(new SavedPrefix(tokens.ToArray(), slot.AdapterKey, state));
        return true;
    }

    /// <summary>Lets a slot hold the first cells of a copy in RAM, instead of what it held.</summary>
    /// <returns>False when the engine has no room for them; the slot then holds nothing.</returns>
    public bool TryRestore(SavedPrefix prefix, Slot slot, int tokenCount)
    {
        Trim(slot, keptTokens: 0);
        if (!engine.LoadCells(slot.Index, prefix.State))
        {
            return false;
        }

        slot.CellCount = prefix.Tokens.Length;
        Trim(slot, tokenCount);
        return true;
    }

    /// <summary>
    /// Forgets what was computed with adapters that no sequence has any more: their key may come to mean others.
    /// </summary>
    public void Forget(long adapterKey)
    {
        saved.Forget(adapterKey);
        foreach (var slot in scheduler.Slots)
        {
            if (slot.AdapterKey == adapterKey)
            {
                Trim(slot, keptTokens: 0);
            }
        }
    }

    /// <summary>Forgets the cells of every slot.</summary>
    public void Clear()
    {
        engine.ClearCells();
        foreach (var slot in scheduler.Slots)
        {
            slot.CellCount = 0;
            scheduler.Prefixes.Cut(slot, 0, scheduler.Slots);
        }
    }

    /// <summary>Drops old tokens of a decoding slot whose context is full.</summary>
    /// <returns>Number of tokens dropped; 0 when none can be.</returns>
    public int Shift(Slot slot)
    {
        var sequence = slot.Sequence!;
        var keep = sequence.KeepTokens < 0 ? sequence.PromptTokenCount : sequence.KeepTokens;
        keep += engine.Description.AddsBosToken ? 1 : 0;
        var (start, count) = ContextShift.Plan(slot.CellCount, limits.ContextTokens, keep);
        if (count == 0)
        {
            return 0;
        }

        // Cells that others hold too cannot move: this slot gives its part up and computes what stays again.
        var shared = scheduler.Prefixes.CountShared(slot, scheduler.Slots) > start;
        var keptCells = start;
        if (!engine.RemoveCells(slot.Index, start, shared ? -1 : start + count))
        {
            if (!shared || !engine.RemoveCells(slot.Index, 0, -1))
            {
                return 0;
            }

            keptCells = 0;
        }

        var tokens = sequence.Tokens.AsSpan(0, sequence.TokenCount);
        tokens[(start + count)..].CopyTo(tokens[start..]);
        sequence.TokenCount -= count;
        scheduler.Prefixes.Change(slot, start, scheduler.Slots);
        scheduler.Prefixes.Cut(slot, keptCells, scheduler.Slots);
        if (shared)
        {
            slot.CellCount = keptCells;
            slot.BeginPrefill();
            return count;
        }

        engine.ShiftCells(slot.Index, start + count, slot.CellCount, -count);
        slot.CellCount -= count;
        // What stays was computed with the dropped tokens in sight.
        sequence.ReusableTokensMax = Math.Min(sequence.ReusableTokensMax, start);
        return count;
    }
}
