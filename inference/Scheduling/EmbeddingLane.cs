using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Packs the inputs of many embedding requests into full batches, one batch a step. Whose tokens were computed least
/// comes first, so that a request with one input does not wait for one with thousands; within a request the order is
/// kept. The inputs of a batch share their adapters. Belongs to the decode thread.
/// </summary>
internal sealed class EmbeddingLane(IEngine engine, SubmissionInbox inbox)
{
    /// <summary>Requests that may be unfinished.</summary>
    public const int JobCountMax = 64;

    // In the order they came, which decides between those that were served alike.
    private readonly List<EmbeddingJob> _jobs = new(JobCountMax);
    private readonly List<(EmbeddingJob Job, int Input)> _packed = new(engine.Description.SequenceCountMax);
    private readonly int _tokensMax =
        Math.Min(engine.Description.MicroBatchTokensMax, engine.Description.BatchTokensMax);

    /// <summary>Takes a job that was submitted.</summary>
    public void Enqueue(EmbeddingJob job)
    {
        // A new job shares from now on; what others were given before it came is no debt to it.
        job.ServedTokens = _jobs.Count == 0 ? 0 : _jobs.Min(other => other.ServedTokens);
        _jobs.Add(job);
    }

    /// <summary>Whether a job that is not done has these adapters.</summary>
    public bool Uses(long adapterKey)
    {
        foreach (var job in _jobs)
        {
            if (job.AdapterKey == adapterKey)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends what is complete, and what nobody waits for any more.</summary>
    public void FinishJobs()
    {
        for (var place = _jobs.Count - 1; place >= 0; place--)
        {
            var job = _jobs[place];
            var isComplete = job.NextInput == job.Inputs.Count;
            if (!isComplete && !job.CancelRequested)
            {
                continue;
            }

            _jobs.RemoveAt(place);
            if (isComplete)
            {
                job.Finish(failure: null);
            }
            else
            {
                job.Cancel();
            }

            inbox.JobEnded();
        }
    }

    /// <summary>Computes the next batch, if any.</summary>
    /// <param name="batch">The batch to fill.</param>
    /// <param name="outcome">How it went; a failure has been told to nobody yet.</param>
    /// <returns>False when there was nothing to do.</returns>
    public bool TryRun(EngineBatch batch, out StepOutcome outcome)
    {
        outcome = StepOutcome.Decoded;
        if (_jobs.Count == 0)
        {
            engine.Trim();
            return false;
        }

        engine.UseAdapters(Pack(batch));
        outcome = engine.Embed(batch);
        if (outcome != StepOutcome.Decoded)
        {
            return true;
        }

        for (var sequence = 0; sequence < _packed.Count; sequence++)
        {
            var (job, input) = _packed[sequence];
            engine.Embedding(sequence).CopyTo(job.Vectors[input]);
        }

        FinishJobs();
        return true;
    }

    /// <summary>Ends every job with a failure.</summary>
    public void Fail(string failure)
    {
        foreach (var job in _jobs)
        {
            job.Finish(failure);
            inbox.JobEnded();
        }

        _jobs.Clear();
    }

    // The first input always fits, however long, so that whoever is behind gets on with every batch; what follows has
    // its adapters, which are returned.
    private long Pack(EngineBatch batch)
    {
        batch.Clear();
        _packed.Clear();
        long? adapterKey = null;
        while (_packed.Count < engine.Description.SequenceCountMax
            && FindNext(RoomOf(batch), adapterKey) is { } job)
        {
            adapterKey = job.AdapterKey;
            var input = job.Inputs[job.NextInput];
            for (var position = 0; position < input.Length; position++)
            {
                batch.Add(input[position], position, _packed.Count, output: true);
            }

            job.ServedTokens += input.Length;
            _packed.Add((job, job.NextInput++));
        }

        return adapterKey ?? 0;
    }

    private int RoomOf(EngineBatch batch) =>
        batch.Count == 0 ? _tokensMax : Math.Min(_tokensMax, engine.Description.PackedTokensMax) - batch.Count;

    // The job that was served least among those whose next input has room, of all adapters where none are given.
    private EmbeddingJob? FindNext(int tokensMax, long? adapterKey)
    {
        EmbeddingJob? least = null;
        foreach (var job in _jobs)
        {
            if (job.NextInput < job.Inputs.Count && job.Inputs[job.NextInput].Length <= tokensMax
                && (adapterKey is null || job.AdapterKey == adapterKey)
                && (least is null || job.ServedTokens < least.ServedTokens))
            {
                least = job;
            }
        }

        return least;
    }
}
