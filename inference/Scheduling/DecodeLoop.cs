using System.Diagnostics;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Drafting;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.PrefixCache;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Carries out what the scheduler decides: one step composes a batch, computes it, samples and publishes. One
/// dedicated thread runs the steps (<see cref="DecodeThread"/>); a test may run them itself. Nothing is allocated for
/// a token and no lock is held over a native call.
/// </summary>
internal sealed class DecodeLoop
{
    private const string Stopped = "The runner has been stopped.";
    private const string AdaptersGone = "The adapters have been freed.";

    private readonly IEngine _engine;
    private readonly SchedulerLimits _limits;
    private readonly TimeProvider _time;
    private readonly ITokenListener? _listener;
    private readonly Scheduler _scheduler;
    private readonly PrefillPace _pace;
    private readonly SubmissionInbox _inbox;
    private readonly EmbeddingLane _embeddings;
    private readonly EngineBatch _batch;
    private readonly SavedPrefixes _saved;
    private readonly SlotCells _cells;
    private readonly SlotOccupancy _occupancy;
    private readonly DraftStep _drafts;
    private readonly TokenOutput _output;
    private readonly StepLog _log;
    private readonly AdapterChanges _adapters;
    private int _batchTokensMax;

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
        _log = new StepLog(observer);
        _scheduler = new Scheduler(limits, engine.Description.CanCut, engine.CanContinueAt);
        _pace = new PrefillPace(limits.TokenDelayMax, limits.BatchTokensMax);
        _inbox = new SubmissionInbox(limits.SlotCount + limits.QueueLengthMax, EmbeddingLane.JobCountMax);
        _embeddings = new EmbeddingLane(engine, _inbox);
        _batch = new EngineBatch(Math.Max(limits.BatchTokensMax, engine.Description.BatchTokensMax));
        // A copy in RAM has of a window only the end.
        _saved = new SavedPrefixes(
            limits.PrefixCacheBytes, engine.Description is { CanCut: true, WindowTokens: 0 });
        _cells = new SlotCells(engine, _scheduler, _saved, limits);
        _occupancy = new SlotOccupancy(_scheduler, _cells, _saved, _inbox, limits, time, _log);
        _adapters = new AdapterChanges(engine, _scheduler, _embeddings, _cells, _log);
        _drafts = new DraftStep(_scheduler, limits, DraftModel.Of(engine, limits, time));
        _output = new TokenOutput(engine, limits.ContextTokens, time);
        _batchTokensMax = limits.BatchTokensMax;
    }

    /// <summary>Whether it takes nothing more and steps no more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What failed; null while nothing did, and after a normal end.</summary>
    public string? EndReason { get; private set; }

    /// <summary>The slots, for assertions.</summary>
    public ReadOnlySpan<Slot> Slots => _scheduler.Slots;

    /// <summary>Cells that the slots hold, shared ones once; for assertions.</summary>
    public int UsedCells => _scheduler.UsedCells;

    /// <summary>Hands a sequence over. Any thread; wake the decode thread afterwards.</summary>
    public SubmitOutcome TrySubmit(Sequence sequence)
    {
        sequence.Submit(_time);
        return _inbox.TryAdd(sequence);
    }

    /// <summary>Hands inputs to embed over. Any thread; wake the decode thread afterwards.</summary>
    public SubmitOutcome TrySubmit(EmbeddingJob job) => _inbox.TryAdd(job);

    /// <summary>Hands adapters to load or to free over. Any thread; wake the decode thread afterwards.</summary>
    public SubmitOutcome TrySubmit(AdapterJob job) => _inbox.TryAdd(job);

    /// <summary>Runs one step.</summary>
    /// <returns>False when nothing can be done until something is submitted, canceled or granted.</returns>
    public bool Step()
    {
        if (HasEnded)
        {
            return false;
        }

        _log.Begin();
        TakeSubmissions();
        _occupancy.DropUnwanted();
        _embeddings.FinishJobs();
        _adapters.Run();
        _occupancy.ShiftFullContexts();
        _occupancy.ParkStalled();
        _occupancy.AdmitWaiting();
        _occupancy.SharePrompts();
        _occupancy.MoveIdle();
        Embed();
        Decode();
        TellListener();
        return _log.Progressed;
    }

    /// <summary>Ends everything and takes nothing more; the engine is not touched.</summary>
    /// <param name="failure">What failed; null for a normal end.</param>
    public void End(string? failure)
    {
        HasEnded = true;
        EndReason = failure;
        _inbox.Close();
        TakeSubmissions();
        _adapters.Refuse(failure ?? Stopped);
        var reason = failure is null ? FinishReason.Canceled : FinishReason.Error;
        var end = new SequenceEnd(reason, Detail: failure, RunnerEnded: true);
        foreach (var slot in _scheduler.Slots)
        {
            if (slot.Sequence is not null)
            {
                _occupancy.EndSequence(_scheduler.Release(slot), slot.Index, end);
            }
        }

        while (_scheduler.Queue.Count > 0)
        {
            _occupancy.EndSequence(_scheduler.Queue.RemoveAt(0), slot: -1, end);
        }

        _saved.Clear();
        _embeddings.Fail(failure ?? Stopped);
        TellListener();
    }

    private void TakeSubmissions()
    {
        while (_inbox.TryTake(out Sequence? sequence))
        {
            if (!_engine.HasAdapters(sequence!.AdapterKey))
            {
                // Freed between the check of the request and now; native code must not meet that.
                var gone = new SequenceEnd(FinishReason.Error, Detail: AdaptersGone);
                _occupancy.EndSequence(sequence, slot: -1, gone);
                continue;
            }

            _scheduler.Queue.Enqueue(sequence);
            _log.Tell(SchedulerEventKind.Queued, sequence.Id, slot: -1, sequence.PromptTokenCount);
        }

        while (_inbox.TryTake(out EmbeddingJob? job))
        {
            if (_engine.HasAdapters(job!.AdapterKey))
            {
                _embeddings.Enqueue(job);
            }
            else
            {
                job.Finish(AdaptersGone);
                _inbox.JobEnded();
            }
        }

        // Before what was canceled ends: whoever frees adapters has canceled their last sequence first.
        while (_inbox.TryTake(out AdapterJob? job))
        {
            _adapters.Enqueue(job!);
        }
    }

    private void Embed()
    {
        if (!_embeddings.TryRun(_batch, out var outcome))
        {
            return;
        }

        _log.Progress();
        if (outcome != StepOutcome.Decoded)
        {
            End($"The engine could not compute embeddings ({outcome}).");
        }
    }

    private void Decode()
    {
        // A failed embedding has ended the loop: nobody runs any more.
        var switches = _scheduler.Turns.Choose(_scheduler.Running);
        var prefillTokensMax = _pace.TokensMax(_scheduler.StreamCount);
        while (_scheduler.FindVictim(prefillTokensMax) is { } victim)
        {
            _occupancy.FreeCells(victim);
        }

        _drafts.Propose(_batchTokensMax);
        var prefillCount = _scheduler.Compose(_batch, _batchTokensMax, prefillTokensMax);
        if (_batch.Count == 0)
        {
            if (_scheduler.FindExhausted() is { } slot)
            {
                _occupancy.Finish(slot, new SequenceEnd(FinishReason.Length));
            }

            return;
        }

        _log.Progress();
        _engine.UseAdapters(_scheduler.Turns.AdapterKey);
        var started = _time.GetTimestamp();
        var outcome = _engine.Decode(_batch);
        switch (outcome)
        {
            case StepOutcome.Decoded:
                _batchTokensMax = _limits.BatchTokensMax;
                _scheduler.Turns.Spend(prefillCount > 0);
                TakeOutputs();
                Measure(prefillCount, switches, _time.GetElapsedTime(started));
                return;
            case StepOutcome.KvCacheFull:
                RetrySmaller();
                return;
            case StepOutcome.Aborted:
                _occupancy.StartOver();
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
                _log.Tell(SchedulerEventKind.Prefilled, slot.Sequence.Id, slot.Index, slot.BatchTokens);
            }

            if (slot.OutputIndex >= 0)
            {
                if (slot.State == SlotState.Prefilling)
                {
                    _occupancy.Checkpoint(slot);
                }

                slot.BeginDecoding();
                SampleTokens(slot, slot.Sequence);
            }
        }
    }

    private void Measure(int prefillCount, bool switched, TimeSpan elapsed)
    {
        if (switched)
        {
            // The engine planned its buffers again; other steps do not.
            return;
        }

        _pace.Measure(_batch.Count - prefillCount, prefillCount, elapsed);
        if (prefillCount == 0)
        {
            _drafts.Measure(_batch.Count, elapsed);
        }
    }

    // A proposed token is right when it is what would have been sampled without it; then the logits after it are those
    // of the sequence, and the next token comes from them. So the completion is the same, greedy or not.
    private void SampleTokens(Slot slot, Sequence sequence)
    {
        var (draftCount, right, end) = (slot.DraftCount, 0, (SequenceEnd?)null);
        while (true)
        {
            end = SampleToken(slot, sequence, slot.OutputIndex + right);
            if (end is not null || right == draftCount
                || sequence.Tokens[sequence.TokenCount - 1] != slot.DraftTokens[right])
            {
                break;
            }

            right++;
        }

        if (draftCount > 0)
        {
            _cells.Trim(slot, slot.CellCount - draftCount + right);
            sequence.Drafts.Observe(draftCount, right);
            _log.Tell(SchedulerEventKind.Drafted, sequence.Id, slot.Index, right);
        }

        if (end is { } reason)
        {
            _occupancy.Finish(slot, reason);
        }
    }

    private SequenceEnd? SampleToken(Slot slot, Sequence sequence, int outputIndex)
    {
        if (sequence.CompletionTokensLeft <= 0)
        {
            return new SequenceEnd(FinishReason.Length);
        }

        var sampledCount = sequence.CompletionTokenCount;
        var end = _output.Produce(sequence, _engine.Logits(outputIndex));
        _occupancy.Changed = true;
        if (sequence.CompletionTokenCount > sampledCount)
        {
            _log.Tell(SchedulerEventKind.Decoded, sequence.Id, slot.Index, sequence.CompletionTokenCount);
        }

        return end;
    }

    private void RetrySmaller()
    {
        if (_scheduler.FindIdle() is { } idle)
        {
            _occupancy.FreeCells(idle);
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

    private void TellListener()
    {
        if (_occupancy.Changed)
        {
            _occupancy.Changed = false;
            _listener?.Published();
        }
    }
}
