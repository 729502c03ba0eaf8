using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.PrefixCache;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Decides which sequences get slots, cells and batch entries. It changes no engine, clock or thread: the decode loop
/// asks, acts and reports back. Belongs to the decode thread.
/// </summary>
internal sealed class Scheduler
{
    private readonly SchedulerLimits _limits;
    private readonly Slot[] _slots;
    private readonly Slot[] _running;
    private readonly CellReserve _reserve;
    private int _cellCount;
    private int _runningCount;
    private readonly Func<int, int, bool> _canContinueAt;
    private long _idleNumber;

    /// <summary>Makes a scheduler without work.</summary>
    /// <param name="limits">Sizes.</param>
    /// <param name="canCut">Whether cells can be removed at any position.</param>
    /// <param name="canContinueAt">Whether so many first cells of a slot are enough to go on from.</param>
    public Scheduler(SchedulerLimits limits, bool canCut, Func<int, int, bool> canContinueAt)
    {
        _canContinueAt = canContinueAt;
        _limits = limits;
        CanCut = canCut;
        _cellCount = limits.CellCount;
        _reserve = new CellReserve(limits, canCut);
        Prefixes = new SlotPrefixes(limits.SlotCount);
        _slots = new Slot[limits.SlotCount];
        _running = new Slot[limits.SlotCount];
        // Preempted sequences wait besides those that the queue admits.
        Queue = new AdmissionQueue(limits.QueueLengthMax + limits.SlotCount);
        for (var index = 0; index < _slots.Length; index++)
        {
            _slots[index] = new Slot(index);
        }
    }

    /// <summary>All slots.</summary>
    public ReadOnlySpan<Slot> Slots => _slots;

    /// <summary>Slots with a sequence, the longest served first.</summary>
    public ReadOnlySpan<Slot> Running => _running.AsSpan(0, _runningCount);

    /// <summary>Sequences that wait.</summary>
    public AdmissionQueue Queue { get; }

    /// <summary>What the beginnings of the slots have in common.</summary>
    public SlotPrefixes Prefixes { get; }

    /// <summary>Cells that slots hold.</summary>
    public int UsedCells => Prefixes.CountCells(_slots);

    /// <summary>Cells that no slot holds.</summary>
    public int FreeCells => _cellCount - UsedCells;

    /// <summary>Whose turn it is among sequences with different adapters.</summary>
    public AdapterTurns Turns { get; } = new();

    /// <summary>Sequences that get their next token in the next step.</summary>
    public int DecodeCount => CountDecoding(inTurn: true);

    /// <summary>Sequences that wait for their next token, in the next step or when it is their turn.</summary>
    public int StreamCount => CountDecoding(inTurn: false);

    /// <summary>Whether the next step computes with the adapters of a slot.</summary>
    public bool IsInTurn(Slot slot) => slot.AdapterKey == Turns.AdapterKey;

    /// <summary>Whether a sequence, running or waiting, has these adapters.</summary>
    public bool Uses(long adapterKey)
    {
        foreach (var slot in Running)
        {
            if (slot.AdapterKey == adapterKey)
            {
                return true;
            }
        }

        return Queue.Uses(adapterKey);
    }

    /// <summary>Decides whether the next sequence gets a slot now.</summary>
    public bool TryAdmit(out Admission admission)
    {
        admission = default;
        var place = Queue.FindReady();
        if (place < 0 || _runningCount == _slots.Length
            || !_reserve.HasRoom(Queue[place], Running, Prefixes, _cellCount))
        {
            return false;
        }

        admission = new Admission(place, PrefixMatch.Choose(_slots, Queue[place], _limits, CanCut, _canContinueAt));
        return true;
    }

    /// <summary>Carries an admission out, once the slot holds the cells that the sequence begins with.</summary>
    public Sequence Admit(in Admission admission)
    {
        var sequence = Queue.RemoveAt(admission.Place);
        sequence.Parked = false;
        admission.Match.Slot.Occupy(sequence);
        admission.Match.Slot.Turn = Turns.Number;
        Prefixes.Compare(admission.Match.Slot, _slots);
        _running[_runningCount++] = admission.Match.Slot;
        return sequence;
    }

    /// <summary>
    /// Decides whose cells serve a prompt that is being computed: prompts that begin alike and come together are
    /// computed once. Asked until it says no, it leaves those waiting whose cells an older one is computing.
    /// </summary>
    public bool TryShare(out Slot source, out Slot destination, out int tokenCount)
    {
        foreach (var slot in Running)
        {
            slot.Waits = false;
            if (slot.State != SlotState.Prefilling || !CanCut)
            {
                continue;
            }

            tokenCount = FindSource(slot, out source!);
            slot.Waits = IsBeingComputed(slot);
            // A copy costs the same for few cells as for many: one, when all are there.
            if (tokenCount - slot.CellCount >= _limits.PrefixTokensMin && (_limits.CacheUnified || !slot.Waits))
            {
                (destination, slot.Waits) = (slot, false);
                return true;
            }
        }

        (source, destination, tokenCount) = (null!, null!, 0);
        return false;
    }

    /// <summary>
    /// Decides whose slot goes to a sequence that waits: that of one whose reader lags by its whole credit.
    /// </summary>
    public Slot? FindStalled()
    {
        if (_runningCount < _slots.Length || Queue.FindReady() < 0)
        {
            return null;
        }

        foreach (var slot in Running)
        {
            if (!slot.Ready)
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>
    /// Decides whose cells go so that the next batch fits: first an idle slot's, idle for longest; then those of the
    /// sequence that comes last by priority and arrival, which has the least work to repeat. Null when the batch fits
    /// or only one sequence runs.
    /// </summary>
    /// <param name="prefillTokensMax">Prompt tokens that the batch may have.</param>
    public Slot? FindVictim(int prefillTokensMax)
    {
        var decodeCount = DecodeCount;
        var prefillCount = 0;
        foreach (var slot in Running)
        {
            prefillCount += CanPrefill(slot) ? slot.PendingTokens : 0;
        }

        prefillCount = Math.Min(prefillCount, prefillTokensMax);
        var free = FreeCells;
        if (free >= decodeCount + prefillCount)
        {
            return null;
        }

        if (FindIdle() is { } idle)
        {
            return idle;
        }

        // A prefill goes on with the cells that there are; only when nothing at all can go on is one taken back.
        var stuck = free < decodeCount || (decodeCount == 0 && prefillCount > 0 && free == 0);
        return stuck && _runningCount > 1 ? FindYoungest() : null;
    }

    /// <summary>The sequence for which not one cell is left, nor anybody's to take; null when there is none.</summary>
    public Slot? FindExhausted() =>
        _runningCount > 0 && _running[0].Ready && FreeCells <= 0 ? _running[0] : null;

    /// <summary>
    /// Learns that the engine has no room for one more token: its cells are those that are held now, whatever it said.
    /// </summary>
    public void LearnCellCount() => _cellCount -= FreeCells;

    /// <summary>Whether cells can be removed at any position.</summary>
    public bool CanCut { get; }

    /// <summary>
    /// The slot whose cells should move to RAM: while others run, what is idle slows them; while nobody runs, the last
    /// conversation stays, since it may well go on. Null when what is idle is within the limit, which is none where
    /// a long prompt is computed.
    /// </summary>
    public Slot? FindSurplus()
    {
        var idleCells = UsedCells - Prefixes.CountCells(Running);
        var idleCellsMax = ComputesLongPrompt() ? 0 : _limits.IdleCellsMax;
        var oldest = idleCells > idleCellsMax ? FindIdle(movable: true) : null;
        return _runningCount > 0 || oldest?.IdleSince < _idleNumber ? oldest : null;
    }

    /// <summary>The slot without a sequence that has held cells for longest; null when none holds any.</summary>
    /// <param name="excepted">A slot that does not count.</param>
    /// <param name="movable">Leaves out those whose cells stay.</param>
    public Slot? FindIdle(Slot? excepted = null, bool movable = false)
    {
        Slot? oldest = null;
        foreach (var slot in _slots)
        {
            var counts = !ReferenceEquals(slot, excepted) && !(movable && slot.Stays);
            if (counts && slot.State == SlotState.Idle && slot.CellCount > 0
                && (oldest is null || slot.IdleSince < oldest.IdleSince))
            {
                oldest = slot;
            }
        }

        return oldest;
    }

    /// <summary>Takes the sequence out of its slot; its tokens stay with it and it waits at its old place.</summary>
    public Sequence Preempt(Slot slot, bool parked)
    {
        var sequence = Release(slot);
        // Without credit it could not go on after its tokens are computed again.
        sequence.Parked = parked || sequence.Credit <= 0;
        Queue.Enqueue(sequence);
        return sequence;
    }

    /// <summary>Takes the sequence out of its slot, which keeps its cells for another one.</summary>
    public Sequence Release(Slot slot)
    {
        var sequence = slot.Sequence!;
        var place = Array.IndexOf(_running, slot, 0, _runningCount);
        _runningCount--;
        Array.Copy(_running, place + 1, _running, place, _runningCount - place);
        _running[_runningCount] = null!;
        slot.Vacate(++_idleNumber);
        return sequence;
    }

    /// <summary>Tokens that may be proposed: what is left when every sequence has its own.</summary>
    /// <param name="tokensMax">Entries of the batch at most.</param>
    public int CountDraftRoom(int tokensMax)
    {
        var room = Math.Min(tokensMax, FreeCells) - DecodeCount;
        return CanCut ? Math.Max(Math.Min(room, _limits.OutputCountMax - _runningCount), 0) : 0;
    }

    /// <summary>Fills the batch: one token of each decoding sequence, then prompts, the longest served first.</summary>
    /// <param name="batch">The batch, which is emptied first.</param>
    /// <param name="tokensMax">Entries at most.</param>
    /// <param name="prefillTokensMax">Prompt tokens among them at most.</param>
    /// <returns>Prompt tokens among them.</returns>
    public int Compose(EngineBatch batch, int tokensMax, int prefillTokensMax)
    {
        batch.Clear();
        var room = Math.Min(tokensMax, FreeCells);
        var draftRoom = CountDraftRoom(tokensMax);
        foreach (var slot in Running)
        {
            slot.BatchTokens = 0;
            slot.OutputIndex = -1;
            if (slot.State == SlotState.Decoding && slot.Ready && IsInTurn(slot) && room > 0)
            {
                slot.DraftCount = Math.Min(slot.DraftCount, draftRoom);
                SlotEntries.AppendDecoding(slot, batch);
                room -= slot.BatchTokens;
                draftRoom -= slot.DraftCount;
            }
        }

        room = Math.Min(room, prefillTokensMax);
        var prefillCount = 0;
        foreach (var slot in Running)
        {
            if (CanPrefill(slot) && room > prefillCount)
            {
                var count = Math.Min(slot.PendingTokens, room - prefillCount);
                SlotEntries.Append(slot, count, batch);
                prefillCount += count;
            }
        }

        return prefillCount;
    }

    private bool ComputesLongPrompt()
    {
        foreach (var slot in Running)
        {
            if (CanPrefill(slot) && slot.PendingTokens >= _limits.LongPromptTokens)
            {
                return true;
            }
        }

        return false;
    }

    private int CountDecoding(bool inTurn)
    {
        var count = 0;
        foreach (var slot in Running)
        {
            count += slot.State == SlotState.Decoding && slot.Ready && (!inTurn || IsInTurn(slot)) ? 1 : 0;
        }

        return count;
    }

    private bool CanPrefill(Slot slot) => slot.State == SlotState.Prefilling && slot.HasWork && IsInTurn(slot);

    private int FindSource(Slot slot, out Slot? source)
    {
        source = null;
        var longest = 0;
        foreach (var other in _slots)
        {
            var count = Math.Min(CountCommon(slot, other), other.ReusableCellCount);
            if (count > longest && _canContinueAt(other.Index, count))
            {
                source = other;
                longest = count;
            }
        }

        return longest;
    }

    // Only older ones count, so that nobody waits in a circle: the oldest never waits.
    private bool IsBeingComputed(Slot slot)
    {
        foreach (var other in Running)
        {
            if (ReferenceEquals(other, slot))
            {
                return false;
            }

            var common = CountCommon(slot, other);
            if (other.State == SlotState.Prefilling && other.Ready && common > other.CellCount
                && common - slot.CellCount >= _limits.PrefixTokensMin)
            {
                return true;
            }
        }

        return false;
    }

    // The last token is computed in any case: its logits are wanted.
    private int CountCommon(Slot slot, Slot other) => ReferenceEquals(slot, other)
        ? 0
        : Math.Min(Prefixes.CommonTokens(slot, other), slot.Sequence!.TokenCount - 1);

    private Slot FindYoungest()
    {
        var youngest = _running[0];
        foreach (var slot in Running)
        {
            if (youngest.Sequence!.ComesBefore(slot.Sequence!))
            {
                youngest = slot;
            }
        }

        return youngest;
    }
}
