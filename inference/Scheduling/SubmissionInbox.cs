using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// What was submitted since the last step. Bounded by what is unfinished altogether, so that a refusal depends on
/// how much work there is and not on when the decode thread looks. Any thread submits; the decode thread takes.
/// </summary>
internal sealed class SubmissionInbox(int sequenceCountMax, int jobCountMax)
{
    // Each is short, and its caller waits for it.
    private const int AdapterJobCountMax = 64;

    private readonly Lock _gate = new();
    private readonly Queue<Sequence> _sequences = new(sequenceCountMax);
    private readonly Queue<EmbeddingJob> _jobs = new(jobCountMax);
    private readonly Queue<AdapterJob> _adapters = new(AdapterJobCountMax);
    private int _sequenceCount;
    private int _jobCount;
    private long _ticket;
    private bool _closed;
    private volatile bool _any;

    /// <summary>Adds a sequence.</summary>
    public SubmitOutcome TryAdd(Sequence sequence)
    {
        lock (_gate)
        {
            if (_closed || _sequenceCount == sequenceCountMax)
            {
                return _closed ? SubmitOutcome.Stopped : SubmitOutcome.QueueFull;
            }

            _sequenceCount++;
            sequence.Ticket = ++_ticket;
            _sequences.Enqueue(sequence);
            _any = true;
            return SubmitOutcome.Accepted;
        }
    }

    /// <summary>Adds inputs to embed.</summary>
    public SubmitOutcome TryAdd(EmbeddingJob job)
    {
        lock (_gate)
        {
            if (_closed || _jobCount == jobCountMax)
            {
                return _closed ? SubmitOutcome.Stopped : SubmitOutcome.QueueFull;
            }

            _jobCount++;
            _jobs.Enqueue(job);
            _any = true;
            return SubmitOutcome.Accepted;
        }
    }

    /// <summary>Adds adapters to load or to free.</summary>
    public SubmitOutcome TryAdd(AdapterJob job)
    {
        lock (_gate)
        {
            if (_closed || _adapters.Count == AdapterJobCountMax)
            {
                return _closed ? SubmitOutcome.Stopped : SubmitOutcome.QueueFull;
            }

            _adapters.Enqueue(job);
            _any = true;
            return SubmitOutcome.Accepted;
        }
    }

    /// <summary>Takes the oldest adapters.</summary>
    public bool TryTake(out AdapterJob? job)
    {
        job = null;
        if (!_any)
        {
            return false;
        }

        lock (_gate)
        {
            var taken = _adapters.TryDequeue(out job);
            _any = AnyLeft();
            return taken;
        }
    }

    /// <summary>Takes the oldest sequence.</summary>
    public bool TryTake(out Sequence? sequence)
    {
        sequence = null;
        if (!_any)
        {
            return false;
        }

        lock (_gate)
        {
            var taken = _sequences.TryDequeue(out sequence);
            _any = AnyLeft();
            return taken;
        }
    }

    /// <summary>Takes the oldest job.</summary>
    public bool TryTake(out EmbeddingJob? job)
    {
        job = null;
        if (!_any)
        {
            return false;
        }

        lock (_gate)
        {
            var taken = _jobs.TryDequeue(out job);
            _any = AnyLeft();
            return taken;
        }
    }

    /// <summary>A sequence that was taken has ended: another one may come.</summary>
    public void SequenceEnded()
    {
        lock (_gate)
        {
            _sequenceCount--;
        }
    }

    /// <summary>A job that was taken has ended: another one may come.</summary>
    public void JobEnded()
    {
        lock (_gate)
        {
            _jobCount--;
        }
    }

    /// <summary>Takes nothing more from now on; what is in it can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    private bool AnyLeft() => _sequences.Count > 0 || _jobs.Count > 0 || _adapters.Count > 0;
}
