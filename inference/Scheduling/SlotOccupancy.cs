using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.PrefixCache;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Who holds which slot and which cells: carries out the scheduler's decisions about that, at the beginning of a step.
/// Belongs to the decode thread.
/// </summary>
internal sealed class SlotOccupancy(
    Scheduler scheduler, SlotCells cells, SavedPrefixes saved, SubmissionInbox inbox, SchedulerLimits limits,
    TimeProvider time, StepLog log)
{
    /// <summary>Whether a reader has something to hear of since this was last cleared.</summary>
    public bool Changed { get; set; }

    /// <summary>Ends what nobody waits for any more, queued or running.</summary>
    public void DropUnwanted()
    {
        var now = time.GetTimestamp();
        foreach (var slot in scheduler.Slots)
        {
            if (slot.Sequence is not null && WhyUnwanted(slot.Sequence, now) is { } end)
            {
                Finish(slot, end);
            }
        }

        for (var place = scheduler.Queue.Count - 1; place >= 0; place--)
        {
            if (WhyUnwanted(scheduler.Queue[place], now) is { } end)
            {
                EndSequence(scheduler.Queue.RemoveAt(place), slot: -1, end);
            }
        }
    }

    /// <summary>
    /// Makes room in full contexts. Before anything else is decided, so that a sequence that loses its slot always fits
    /// into the context again.
    /// </summary>
    public void ShiftFullContexts()
    {
        foreach (var slot in scheduler.Slots)
        {
            if (slot.State != SlotState.Decoding || slot.Sequence!.TokenCount < limits.ContextTokens)
            {
                continue;
            }

            var count = cells.Shift(slot);
            if (count == 0)
            {
                Finish(slot, new SequenceEnd(FinishReason.Length));
            }
            else
            {
                log.Tell(SchedulerEventKind.Shifted, slot.Sequence.Id, slot.Index, count);
            }
        }
    }

    /// <summary>Gives slots whose readers lag to those who wait.</summary>
    public void ParkStalled()
    {
        while (scheduler.FindStalled() is { } slot)
        {
            var sequence = slot.Sequence!;
            cells.Trim(slot, slot.ReusableCellCount);
            log.Tell(SchedulerEventKind.Preempted, sequence.Id, slot.Index, slot.CellCount);
            scheduler.Preempt(slot, parked: true);
            log.Tell(SchedulerEventKind.SlotFreed, sequence.Id, slot.Index, count: 0);
            // One at a time: the slot goes to the sequence that it was freed for.
            AdmitWaiting();
        }
    }

    /// <summary>Gives slots to those who wait.</summary>
    public void AdmitWaiting()
    {
        while (scheduler.TryAdmit(out var admission))
        {
            var slot = admission.Match.Slot;
            Prepare(admission.Match, scheduler.Queue[admission.Place]);
            var sequence = scheduler.Admit(admission);
            if (sequence.Times.Admitted < 0)
            {
                sequence.Times.Admitted = time.GetTimestamp();
                sequence.CachedTokenCount = slot.CellCount;
            }

            log.Tell(SchedulerEventKind.Admitted, sequence.Id, slot.Index, slot.CellCount);
        }
    }

    /// <summary>
    /// Moves the cells of sequences that have no slot any more to RAM when they slow the others down; those of one a
    /// step while streams wait for it. What has no room there stays, since computing it again would cost more.
    /// </summary>
    public void MoveIdle()
    {
        while (saved.IsEnabled && scheduler.FindSurplus() is { } slot)
        {
            log.Progress();
            if (cells.Save(slot))
            {
                cells.Trim(slot, keptTokens: 0);
            }
            else
            {
                slot.Stays = true;
            }

            if (scheduler.StreamCount > 0)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Keeps what a prompt came to, where the state cannot be cut: the next turn of a conversation often goes on from
    /// there and not from the end of the answer.
    /// </summary>
    public void Checkpoint(Slot slot)
    {
        if (!scheduler.CanCut)
        {
            cells.Save(slot);
        }
    }

    /// <summary>Lets prompts have the cells that others have computed meanwhile.</summary>
    public void SharePrompts()
    {
        while (scheduler.TryShare(out var source, out var slot, out var tokenCount))
        {
            cells.Share(source, slot, tokenCount);
            var sequence = slot.Sequence!;
            sequence.CachedTokenCount = Math.Max(
                sequence.CachedTokenCount, Math.Min(tokenCount, sequence.PromptTokenCount));
            log.Tell(SchedulerEventKind.Shared, sequence.Id, slot.Index, tokenCount);
        }
    }

    /// <summary>Preempts everybody: what an aborted batch left in the cache is unknown.</summary>
    public void StartOver()
    {
        cells.Clear();
        foreach (var slot in scheduler.Slots)
        {
            if (slot.Sequence is not null)
            {
                FreeCells(slot);
            }
        }
    }

    /// <summary>Takes the cells of a slot back; its sequence waits again.</summary>
    public void FreeCells(Slot slot)
    {
        var cellCount = slot.CellCount;
        cells.Trim(slot, slot.ReusableCellCount);
        cells.Save(slot);
        cells.Trim(slot, keptTokens: 0);
        if (slot.Sequence is { } sequence)
        {
            scheduler.Preempt(slot, parked: false);
            log.Tell(SchedulerEventKind.Preempted, sequence.Id, slot.Index, cellCount);
            log.Tell(SchedulerEventKind.SlotFreed, sequence.Id, slot.Index, count: 0);
        }
    }

    /// <summary>Ends the sequence of a slot, which keeps the cells that may serve another one.</summary>
    public void Finish(Slot slot, SequenceEnd end)
    {
        cells.Trim(slot, slot.ReusableCellCount);
        EndSequence(scheduler.Release(slot), slot.Index, end);
    }

    /// <summary>Ends a sequence that holds no slot any more.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="slot">The slot that it held; −1 for none.</param>
    /// <param name="end">How it ends.</param>
    public void EndSequence(Sequence sequence, int slot, SequenceEnd end)
    {
        sequence.Finish(end, time.GetTimestamp());
        inbox.SequenceEnded();
        Changed = true;
        if (end.Reason == FinishReason.Canceled)
        {
            log.Tell(SchedulerEventKind.Canceled, sequence.Id, slot, count: 0);
        }
        else if (end.Expired)
        {
            log.Tell(SchedulerEventKind.Expired, sequence.Id, slot, sequence.CompletionTokenCount);
        }
        else
        {
            log.Tell(SchedulerEventKind.Finished, sequence.Id, slot, sequence.CompletionTokenCount, end.Reason);
        }

        if (slot >= 0)
        {
            log.Tell(SchedulerEventKind.SlotFreed, sequence.Id, slot, count: 0);
        }
    }

    // The cells that a sequence begins with: its slot's, another slot's or those in RAM, whichever are most.
    private void Prepare(in PrefixMatch match, Sequence sequence)
    {
        var slot = match.Slot;
        if (PrefixMatch.LosesMost(slot, match.KeptTokens))
        {
            cells.Save(slot);
        }

        var prefix = saved.Find(sequence, match.TokenCount + limits.PrefixTokensMin, out var tokenCount);
        if (prefix is not null)
        {
            saved.Use(prefix);
            MakeRoom(prefix.Tokens.Length, slot);
            // What makes room is saved itself, and a small budget may have given this one up for it.
            prefix = saved.Find(sequence, match.TokenCount + limits.PrefixTokensMin, out tokenCount);
        }

        if (prefix is not null && cells.TryRestore(prefix, slot, tokenCount))
        {
            return;
        }

        cells.Trim(slot, match.KeptTokens);
        if (match.Source is not null && match.Source.CellCount >= match.SharedTokens)
        {
            cells.Share(match.Source, slot, match.SharedTokens);
        }
    }

    private void MakeRoom(int cellCount, Slot destination)
    {
        while (scheduler.FreeCells + destination.CellCount < cellCount && scheduler.FindIdle(destination) is { } idle)
        {
            FreeCells(idle);
        }
    }

    private static SequenceEnd? WhyUnwanted(Sequence sequence, long now) =>
        sequence.CancelRequested ? new SequenceEnd(FinishReason.Canceled)
        : now >= sequence.Deadline ? new SequenceEnd(FinishReason.Error, Expired: true)
        : null;
}
