using System.Diagnostics;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Carries out what the scheduler decides: one step composes a batch, computes it, samples and publishes. One
/// dedicated thread runs the steps (<see cref="DecodeThread"/>); a test may run them itself. Nothing is allocated for
/// a token and no lock is held over a native call.
/// </summary>
internal sealed class DecodeLoop
{
    private readonly IEngine _engine;
    private readonly SchedulerLimits _limits;
    private readonly TimeProvider _time;
    private readonly ITokenListener? _listener;
    private readonly ISchedulerObserver? _observer;
    private readonly Scheduler _scheduler;
    private readonly SubmissionInbox _inbox;
    private readonly EmbeddingLane _embeddings;
    private readonly EngineBatch _batch;
    private readonly SlotCells _cells;
    private readonly TokenOutput _output;
    private int _batchTokensMax;
    private long _stepNumber;
    private bool _progressed;
    private bool _published;

    public DecodeLoop(
        IEngine engine,
        SchedulerLimits limits,
        TimeProvider time,
        ITokenListener? listener = null,
        ISchedulerObserver? observer = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.SlotCount, engine.Description.SequenceCountMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.SlotCount, limits.BatchTokensMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.ContextTokens, limits.CellCount);
        _engine = engine;
        _limits = limits;
        _time = time;
        _listener = listener;
        _observer = observer;
        _scheduler = new Scheduler(limits, engine.Description.CanCut);
        _inbox = new SubmissionInbox(limits.SlotCount + limits.QueueLengthMax, EmbeddingLane.JobCountMax);
        _embeddings = new EmbeddingLane(engine, _inbox);
        _batch = new EngineBatch(Math.Max(limits.BatchTokensMax, engine.Description.BatchTokensMax));
        _cells = new SlotCells(engine, limits.ContextTokens);
        _output = new TokenOutput(engine, limits.ContextTokens, time);
        _batchTokensMax = limits.BatchTokensMax;
    }

    /// <summary>Whether it takes nothing more and steps no more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What failed; null while nothing did, and after a normal end.</summary>
    public string? EndReason { get; private set; }

    /// <summary>The slots, for assertions.</summary>
    public ReadOnlySpan<Slot> Slots => _scheduler.Slots;

    /// <summary>Hands a sequence over. Any thread; wake the decode thread afterwards.</summary>
    public SubmitOutcome TrySubmit(Sequence sequence)
    {
        sequence.Times.Submitted = _time.GetTimestamp();
        return _inbox.TryAdd(sequence);
    }

    /// <summary>Hands inputs to embed over. Any thread; wake the decode thread afterwards.</summary>
    public SubmitOutcome TrySubmit(EmbeddingJob job) => _inbox.TryAdd(job);

    /// <summary>Runs one step.</summary>
    /// <returns>False when nothing can be done until something is submitted, canceled or granted.</returns>
    public bool Step()
    {
        if (HasEnded)
        {
            return false;
        }

        _stepNumber++;
        _progressed = false;
        TakeSubmissions();
        DropCanceled();
        ShiftFullContexts();
        ParkStalled();
        AdmitWaiting();
        MakeRoom();
        Embed();
        Decode();
        TellListener();
        return _progressed;
    }

    /// <summary>Ends everything and takes nothing more; the engine is not touched.</summary>
    /// <param name="failure">What failed; null for a normal end.</param>
    public void End(string? failure)
    {
        HasEnded = true;
        EndReason = failure;
        _inbox.Close();
        TakeSubmissions();
        var reason = failure is null ? FinishReason.Canceled : FinishReason.Error;
        var end = new SequenceEnd(reason, Detail: failure, RunnerEnded: true);
        foreach (var slot in _scheduler.Slots)
        {
            if (slot.Sequence is not null)
            {
                EndSequence(_scheduler.Release(slot), slot.Index, end);
            }
        }

        while (_scheduler.Queue.Count > 0)
        {
            EndSequence(_scheduler.Queue.RemoveAt(0), slot: -1, end);
        }

        _embeddings.Fail(failure ?? "The runner has been stopped.");
        TellListener();
    }

    private void TakeSubmissions()
    {
        while (_inbox.TryTake(out Sequence? sequence))
        {
            _scheduler.Queue.Enqueue(sequence!);
            Observe(SchedulerEventKind.Queued, sequence!.Id, slot: -1, sequence.PromptTokenCount);
        }

        while (_inbox.TryTake(out EmbeddingJob? job))
        {
            _embeddings.Enqueue(job!);
        }
    }

    private void DropCanceled()
    {
        var canceled = new SequenceEnd(FinishReason.Canceled);
        foreach (var slot in _scheduler.Slots)
        {
            if (slot.Sequence is { CancelRequested: true })
            {
                Finish(slot, canceled);
            }
        }

        for (var place = _scheduler.Queue.Count - 1; place >= 0; place--)
        {
            if (_scheduler.Queue[place].CancelRequested)
            {
                EndSequence(_scheduler.Queue.RemoveAt(place), slot: -1, canceled);
            }
        }
    }

    // Before anything else is decided, so that a sequence that loses its slot always fits into the context again.
    private void ShiftFullContexts()
    {
        foreach (var slot in _scheduler.Slots)
        {
            if (slot.State != SlotState.Decoding || slot.Sequence!.TokenCount < _limits.ContextTokens)
            {
                continue;
            }

            var count = _cells.Shift(slot);
            if (count == 0)
            {
                Finish(slot, new SequenceEnd(FinishReason.Length));
            }
            else
            {
                Observe(SchedulerEventKind.Shifted, slot.Sequence.Id, slot.Index, count);
            }
        }
    }

    private void ParkStalled()
    {
        while (_scheduler.FindStalled() is { } slot)
        {
            var sequence = slot.Sequence!;
            _cells.Trim(slot, Math.Min(slot.CellCount, sequence.ReusableTokensMax));
            Observe(SchedulerEventKind.Preempted, sequence.Id, slot.Index, slot.CellCount);
            _scheduler.Preempt(slot, parked: true);
            Observe(SchedulerEventKind.SlotFreed, sequence.Id, slot.Index, count: 0);
            // One at a time: the slot goes to the sequence that it was freed for.
            AdmitWaiting();
        }
    }

    private void AdmitWaiting()
    {
        while (_scheduler.TryAdmit(out var admission))
        {
            _cells.Trim(admission.Slot, admission.KeptTokens);
            var sequence = _scheduler.Admit(admission);
            if (sequence.Times.Admitted < 0)
            {
                sequence.Times.Admitted = _time.GetTimestamp();
                sequence.CachedTokenCount = admission.Slot.CellCount;
            }

            Observe(SchedulerEventKind.Admitted, sequence.Id, admission.Slot.Index, admission.Slot.CellCount);
        }
    }

    private void MakeRoom()
    {
        while (_scheduler.FindVictim() is { } slot)
        {
            FreeCells(slot);
        }
    }

    private void Embed()
    {
        if (!_embeddings.TryRun(_batch, out var outcome))
        {
            return;
        }

        _progressed = true;
        if (outcome != StepOutcome.Decoded)
        {
            End($"The engine could not compute embeddings ({outcome}).");
        }
    }

    private void Decode()
    {
        // A failed embedding has ended the loop: nobody runs any more.
        _scheduler.Compose(_batch, _batchTokensMax);
        if (_batch.Count == 0)
        {
            if (_scheduler.FindExhausted() is { } slot)
            {
                Finish(slot, new SequenceEnd(FinishReason.Length));
            }

            return;
        }

        _progressed = true;
        var outcome = _engine.Decode(_batch);
        switch (outcome)
        {
            case StepOutcome.Decoded:
                _batchTokensMax = _limits.BatchTokensMax;
                TakeOutputs();
                return;
            case StepOutcome.KvCacheFull:
                RetrySmaller();
                return;
            case StepOutcome.Aborted:
                StartOver();
                return;
            case StepOutcome.Failed:
                End("The engine failed to decode a batch.");
                return;
            default:
                throw new UnreachableException();
        }
    }

    private void TakeOutputs()
    {
        foreach (var slot in _scheduler.Slots)
        {
            if (slot.Sequence is null || slot.BatchTokens == 0)
            {
                continue;
            }

            slot.CellCount += slot.BatchTokens;
            if (slot.State == SlotState.Prefilling)
            {
                Observe(SchedulerEventKind.Prefilled, slot.Sequence.Id, slot.Index, slot.BatchTokens);
            }

            if (slot.OutputIndex >= 0)
            {
                slot.BeginDecoding();
                SampleToken(slot, slot.Sequence);
            }
        }
    }

    private void SampleToken(Slot slot, Sequence sequence)
    {
        if (sequence.CompletionTokensLeft <= 0)
        {
            Finish(slot, new SequenceEnd(FinishReason.Length));
            return;
        }

        var sampledCount = sequence.CompletionTokenCount;
        var end = _output.Produce(sequence, _engine.Logits(slot.OutputIndex));
        _published = true;
        if (sequence.CompletionTokenCount > sampledCount)
        {
            Observe(SchedulerEventKind.Decoded, sequence.Id, slot.Index, sequence.CompletionTokenCount);
        }

        if (end is { } reason)
        {
            Finish(slot, reason);
        }
    }

    private void RetrySmaller()
    {
        if (_scheduler.FindIdle() is { } idle)
        {
            FreeCells(idle);
            return;
        }

        if (_batch.Count > 1)
        {
            _batchTokensMax = _batch.Count / 2;
            return;
        }

        // From here on the scheduler knows better and takes cells back in time.
        _scheduler.LearnCellCount();
        _batchTokensMax = _limits.BatchTokensMax;
    }

    // What an aborted batch left in the cache is unknown.
    private void StartOver()
    {
        _cells.Clear(_scheduler.Slots);
        foreach (var slot in _scheduler.Slots)
        {
            if (slot.Sequence is not null)
            {
                FreeCells(slot);
            }
        }
    }

    private void FreeCells(Slot slot)
    {
        var cellCount = slot.CellCount;
        _cells.Trim(slot, keptTokens: 0);
        if (slot.Sequence is { } sequence)
        {
            _scheduler.Preempt(slot, parked: false);
            Observe(SchedulerEventKind.Preempted, sequence.Id, slot.Index, cellCount);
            Observe(SchedulerEventKind.SlotFreed, sequence.Id, slot.Index, count: 0);
        }
    }

    private void Finish(Slot slot, SequenceEnd end)
    {
        _cells.Trim(slot, Math.Min(slot.CellCount, slot.Sequence!.ReusableTokensMax));
        EndSequence(_scheduler.Release(slot), slot.Index, end);
    }

    private void EndSequence(Sequence sequence, int slot, SequenceEnd end)
    {
        sequence.Finish(end, _time.GetTimestamp());
        _inbox.SequenceEnded();
        _published = true;
        if (end.Reason == FinishReason.Canceled)
        {
            Observe(SchedulerEventKind.Canceled, sequence.Id, slot, count: 0);
        }
        else
        {
            Observe(SchedulerEventKind.Finished, sequence.Id, slot, sequence.CompletionTokenCount, end.Reason);
        }

        if (slot >= 0)
        {
            Observe(SchedulerEventKind.SlotFreed, sequence.Id, slot, count: 0);
        }
    }

    private void TellListener()
    {
        if (_published)
        {
            _published = false;
            _listener?.Published();
        }
    }

    private void Observe(
        SchedulerEventKind kind, long sequenceId, int slot, int count, FinishReason? finishReason = null)
    {
        _progressed = true;
        _observer?.Observe(new SchedulerEvent(_stepNumber, kind, sequenceId, slot, count, finishReason));
    }
}
