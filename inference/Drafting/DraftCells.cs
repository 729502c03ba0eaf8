using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.Inference.Drafting;

/// <summary>
/// Which tokens the draft model's cells belong to: one sequence of it for each slot. Belongs to the decode thread.
/// </summary>
internal sealed class DraftCells
{
    private readonly IEngine _engine;
    private readonly SchedulerLimits _limits;
    private readonly int[][] _tokens;
    private readonly int[] _counts;

    /// <summary>Makes the accounts of an engine that holds no cells.</summary>
    public DraftCells(IEngine engine, SchedulerLimits limits)
    {
        _engine = engine;
        _limits = limits;
        _counts = new int[limits.SlotCount];
        _tokens = new int[limits.SlotCount][];
        for (var slot = 0; slot < _tokens.Length; slot++)
        {
            _tokens[slot] = new int[limits.ContextTokens];
        }
    }

    /// <summary>
    /// Lets a slot hold the cells of as many of the tokens as there are: its own, or another slot's where these are
    /// worth it. The last token is left out in any case, since what follows it is wanted.
    /// </summary>
    public void Follow(int slot, ReadOnlySpan<int> tokens)
    {
        tokens = tokens[..^1];
        var own = CountCommon(slot, tokens);
        var (source, longest) = (slot, own + _limits.PrefixTokensMin);
        for (var other = 0; other < _counts.Length; other++)
        {
            var common = other == slot || tokens.Length < longest ? 0 : CountCommon(other, tokens);
            (source, longest) = common >= longest && _engine.CanContinueAt(other, common)
                ? (other, common)
                : (source, longest);
        }

        if (source == slot)
        {
            Cut(slot, own);
            return;
        }

        Cut(slot, 0);
        _engine.CopyCells(source, slot, longest);
        _tokens[source].AsSpan(0, longest).CopyTo(_tokens[slot]);
        _counts[slot] = longest;
    }

    /// <summary>Tokens whose cells a slot holds.</summary>
    public int Count(int slot) => _counts[slot];

    /// <summary>Takes note of a token that is about to be computed; returns its position.</summary>
    public int Append(int slot, int token)
    {
        _tokens[slot][_counts[slot]] = token;
        return _counts[slot]++;
    }

    /// <summary>The batch was not computed.</summary>
    public void Undo(EngineBatch batch)
    {
        foreach (var slot in batch.Sequences)
        {
            _counts[slot]--;
        }
    }

    /// <summary>Frees the cells of slots without a sequence when they are so many that they slow the others.</summary>
    public void DropSurplus(ReadOnlySpan<Slot> running)
    {
        var idle = 0;
        foreach (var count in _counts)
        {
            idle += count;
        }

        foreach (var slot in running)
        {
            idle -= _counts[slot.Index];
        }

        if (idle > _limits.IdleCellsMax)
        {
            Drop(running);
        }
    }

    /// <summary>Frees the cells of all slots but those given.</summary>
    /// <returns>False when there were none.</returns>
    public bool Drop(ReadOnlySpan<Slot> excepted)
    {
        var any = false;
        for (var slot = 0; slot < _counts.Length; slot++)
        {
            if (_counts[slot] > 0 && !Contains(excepted, slot))
            {
                Cut(slot, 0);
                any = true;
            }
        }

        return any;
    }

    /// <summary>Frees all cells.</summary>
    public void Clear()
    {
        _engine.ClearCells();
        Array.Clear(_counts);
    }

    private int CountCommon(int slot, ReadOnlySpan<int> tokens) =>
        tokens.CommonPrefixLength(_tokens[slot].AsSpan(0, _counts[slot]));

    private void Cut(int slot, int keptTokens)
    {
        if (_counts[slot] > keptTokens)
        {
            if (!_engine.RemoveCells(slot, keptTokens, -1))
            {
                _engine.RemoveCells(slot, 0, -1);
                keptTokens = 0;
            }

            _counts[slot] = keptTokens;
        }
    }

    private static bool Contains(ReadOnlySpan<Slot> slots, int index)
    {
        foreach (var slot in slots)
        {
            if (slot.Index == index)
            {
                return true;
            }
        }

        return false;
    }
}
