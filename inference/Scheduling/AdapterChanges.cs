using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Loads and frees adapters between two steps, never under a request that has them. Belongs to the decode thread.
/// </summary>
internal sealed class AdapterChanges(
    IEngine engine, Scheduler scheduler, EmbeddingLane embeddings, SlotCells cells, StepLog log)
{
    private readonly Queue<AdapterJob> _jobs = new();

    /// <summary>Takes a job that was submitted.</summary>
    public void Enqueue(AdapterJob job) => _jobs.Enqueue(job);

    /// <summary>Does all of them; what was canceled has ended before.</summary>
    public void Run()
    {
        while (_jobs.TryDequeue(out var job))
        {
            log.Progress();
            if (scheduler.Uses(job.Key) || embeddings.Uses(job.Key))
            {
                job.Refuse("A request has these adapters.");
                continue;
            }

            cells.Forget(job.Key);
            try
            {
                job.Run(engine);
            }
            finally
            {
                // What fails otherwise ends the thread, and nobody may wait for the job after that.
                job.Refuse("The decode thread failed.");
            }
        }
    }

    /// <summary>Ends all of them undone.</summary>
    public void Refuse(string reason)
    {
        while (_jobs.TryDequeue(out var job))
        {
            job.Refuse(reason);
        }
    }
}
