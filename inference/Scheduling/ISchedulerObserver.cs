namespace Ollama.Platform.Inference.Scheduling;

/// <summary>Sees every event of every decode loop; for tests and diagnostics.</summary>
public interface ISchedulerObserver
{
    /// <summary>Called on the decode thread: return at once and call nothing of the runner.</summary>
    void Observe(in SchedulerEvent schedulerEvent);
}
