using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.Inference.PrefixCache;

/// <summary>
/// What the beginnings of slots have in common: equal tokens, and cells that two slots hold together. Sharing always
/// starts at the first cell, so that a number for each pair says it all. Pure; belongs to the decode thread.
/// </summary>
internal sealed class SlotPrefixes(int slotCount)
{
    private readonly int[] _common = new int[slotCount * slotCount];
    private readonly int[] _shared = new int[slotCount * slotCount];
    private bool _anyShared;

    /// <summary>First tokens that were equal when the later of the two got its sequence.</summary>
    public int CommonTokens(Slot first, Slot second) => _common[Place(first, second)];

    /// <summary>First cells that are the same.</summary>
    public int SharedCells(Slot first, Slot second) => _shared[Place(first, second)];

    /// <summary>Compares the sequence that a slot has just got with what the others hold or will.</summary>
    public void Compare(Slot slot, ReadOnlySpan<Slot> slots)
    {
        foreach (var other in slots)
        {
            if (!ReferenceEquals(other, slot))
            {
                var count = slot.AdapterKey != other.AdapterKey
                    ? 0
                    : slot.KnownTokens.CommonPrefixLength(other.KnownTokens);
                Set(_common, slot, other, count);
            }
        }
    }

    /// <summary>A slot that held nothing now holds the first cells of another one too.</summary>
    public void Share(Slot source, Slot destination, int count, ReadOnlySpan<Slot> slots)
    {
        foreach (var other in slots)
        {
            if (!ReferenceEquals(other, destination))
            {
                var shared = ReferenceEquals(other, source) ? count : Math.Min(count, SharedCells(source, other));
                Set(_shared, destination, other, shared);
            }
        }

        _anyShared = true;
    }

    /// <summary>A slot holds its first cells only; those after them, if it gets any, are its own.</summary>
    public void Cut(Slot slot, int keptCells, ReadOnlySpan<Slot> slots) => Limit(_shared, slot, keptCells, slots);

    /// <summary>The tokens of a slot from a position on are others than before.</summary>
    public void Change(Slot slot, int keptTokens, ReadOnlySpan<Slot> slots) => Limit(_common, slot, keptTokens, slots);

    /// <summary>First cells of a slot that at least one other slot holds too.</summary>
    public int CountShared(Slot slot, ReadOnlySpan<Slot> others)
    {
        var count = 0;
        if (_anyShared)
        {
            foreach (var other in others)
            {
                count = ReferenceEquals(other, slot) ? count : Math.Max(count, SharedCells(slot, other));
            }
        }

        return count;
    }

    /// <summary>Cells that slots hold together, each counted once.</summary>
    public int CountCells(ReadOnlySpan<Slot> slots)
    {
        var count = 0;
        for (var index = 0; index < slots.Length; index++)
        {
            count += slots[index].CellCount - CountShared(slots[index], slots[..index]);
        }

        return count;
    }

    private void Limit(int[] counts, Slot slot, int max, ReadOnlySpan<Slot> slots)
    {
        foreach (var other in slots)
        {
            Set(counts, slot, other, Math.Min(max, counts[Place(slot, other)]));
        }
    }

    private void Set(int[] counts, Slot first, Slot second, int count) =>
        counts[Place(first, second)] = counts[Place(second, first)] = count;

    private int Place(Slot first, Slot second) => (first.Index * slotCount) + second.Index;
}
