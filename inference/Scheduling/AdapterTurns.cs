namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Whose turn it is: the sequences of one step share their adapters, so that those with others take turns. Each change
/// costs the engine time, and a turn lasts some steps; whoever has waited longest comes next. Pure; belongs to the
/// decode thread.
/// </summary>
internal sealed class AdapterTurns
{
    // Steps of a turn while others wait, and how many one with a prompt counts for: it takes the longer.
    private const int StepsMax = 8;
    private const int PromptSteps = 4;

    private int _stepsLeft;

    /// <summary>Number of this turn; each is higher than the one before.</summary>
    public long Number { get; private set; }

    /// <summary>Adapters of the sequences whose turn it is.</summary>
    public long AdapterKey { get; private set; }

    /// <summary>Decides whose turn the next step is.</summary>
    /// <returns>Whether it is another's than that of the step before.</returns>
    public bool Choose(ReadOnlySpan<Slot> running)
    {
        var (goesOn, othersWait) = (false, false);
        foreach (var slot in running)
        {
            goesOn |= slot.HasWork && slot.AdapterKey == AdapterKey;
            othersWait |= slot.HasWork && slot.AdapterKey != AdapterKey;
        }

        if (!othersWait || (goesOn && _stepsLeft > 0))
        {
            return false;
        }

        Begin(FindNext(running), running);
        return true;
    }

    /// <summary>A step was computed.</summary>
    /// <param name="hasPrompt">It had prompt tokens.</param>
    public void Spend(bool hasPrompt) => _stepsLeft -= hasPrompt ? PromptSteps : 1;

    private void Begin(long adapterKey, ReadOnlySpan<Slot> running)
    {
        AdapterKey = adapterKey;
        _stepsLeft = StepsMax;
        Number++;
        foreach (var slot in running)
        {
            slot.Turn = slot.AdapterKey == adapterKey ? Number : slot.Turn;
        }
    }

    // Those of whoever has waited longest; of two, who has run for longer.
    private long FindNext(ReadOnlySpan<Slot> running)
    {
        var (next, earliest) = (AdapterKey, long.MaxValue);
        foreach (var slot in running)
        {
            if (slot.HasWork && slot.AdapterKey != AdapterKey && slot.Turn < earliest)
            {
                (next, earliest) = (slot.AdapterKey, slot.Turn);
            }
        }

        return next;
    }
}
