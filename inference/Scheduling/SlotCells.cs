using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Changes the cells that slots hold, in the engine and in the slots' own counts at once. Belongs to the decode thread.
/// </summary>
internal sealed class SlotCells(IEngine engine, int contextTokens)
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
    }

    /// <summary>Forgets the cells of every slot.</summary>
    public void Clear(ReadOnlySpan<Slot> slots)
    {
        engine.ClearCells();
        foreach (var slot in slots)
        {
            slot.CellCount = 0;
        }
    }

    /// <summary>Drops old tokens of a decoding slot whose context is full.</summary>
    /// <returns>Number of tokens dropped; 0 when none can be.</returns>
    public int Shift(Slot slot)
    {
        var sequence = slot.Sequence!;
        var keep = sequence.KeepTokens < 0 ? sequence.PromptTokenCount : sequence.KeepTokens;
        keep += engine.Description.AddsBosToken ? 1 : 0;
        var (start, count) = ContextShift.Plan(slot.CellCount, contextTokens, keep);
        if (count == 0 || !engine.RemoveCells(slot.Index, start, start + count))
        {
            return 0;
        }

        engine.ShiftCells(slot.Index, start + count, slot.CellCount, -count);
        var tokens = sequence.Tokens.AsSpan(0, sequence.TokenCount);
        tokens[(start + count)..].CopyTo(tokens[start..]);
        sequence.TokenCount -= count;
        slot.CellCount -= count;
        // What stays was computed with the dropped tokens in sight.
        sequence.ReusableTokensMax = Math.Min(sequence.ReusableTokensMax, start);
        return count;
    }
}
