using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Packs the inputs of many embedding requests into full batches, in the order they came, one batch a step. Belongs to
/// the decode thread.
/// </summary>
internal sealed class EmbeddingLane(IEngine engine, SubmissionInbox inbox)
{
    /// <summary>Requests that may be unfinished.</summary>
    public const int JobCountMax = 64;

    private readonly Queue<EmbeddingJob> _jobs = new(JobCountMax);
    private readonly List<(EmbeddingJob Job, int Input)> _packed = new(engine.Description.SequenceCountMax);
    private readonly int _tokensMax =
        Math.Min(engine.Description.MicroBatchTokensMax, engine.Description.BatchTokensMax);

    /// <summary>Takes a job that was submitted.</summary>
    public void Enqueue(EmbeddingJob job) => _jobs.Enqueue(job);

    /// <summary>Computes the next batch, if any.</summary>
    /// <param name="batch">The batch to fill.</param>
    /// <param name="outcome">How it went; a failure has been told to nobody yet.</param>
    /// <returns>False when there was nothing to do.</returns>
    public bool TryRun(EngineBatch batch, out StepOutcome outcome)
    {
        outcome = StepOutcome.Decoded;
        FinishOldest();
        if (_jobs.Count == 0)
        {
            return false;
        }

        Pack(batch);
        // Inputs share no cells, and an embedding model keeps none between batches.
        engine.ClearCells();
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

        FinishOldest();
        return true;
    }

    /// <summary>Ends every job with a failure.</summary>
    public void Fail(string failure)
    {
        while (_jobs.TryDequeue(out var job))
        {
            job.Finish(failure);
            inbox.JobEnded();
        }
    }

    private void FinishOldest()
    {
        while (_jobs.TryPeek(out var job) && (job.CancelRequested || job.NextInput == job.Inputs.Count))
        {
            _jobs.Dequeue();
            if (job.NextInput < job.Inputs.Count)
            {
                job.Cancel();
            }
            else
            {
                job.Finish(failure: null);
            }

            inbox.JobEnded();
        }
    }

    private void Pack(EngineBatch batch)
    {
        batch.Clear();
        _packed.Clear();
        foreach (var job in _jobs)
        {
            while (!job.CancelRequested && job.NextInput < job.Inputs.Count)
            {
                var input = job.Inputs[job.NextInput];
                var full = _packed.Count == engine.Description.SequenceCountMax
                    || batch.Count + input.Length > _tokensMax;
                if (full)
                {
                    return;
                }

                for (var position = 0; position < input.Length; position++)
                {
                    batch.Add(input[position], position, _packed.Count, output: true);
                }

                _packed.Add((job, job.NextInput++));
            }
        }
    }
}
