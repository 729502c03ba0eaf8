using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>Numbers the steps of a decode loop and tells the observer what happens in them. Decode thread.</summary>
internal sealed class StepLog(ISchedulerObserver? observer)
{
    private long _stepNumber;

    /// <summary>Whether the step did anything.</summary>
    public bool Progressed { get; private set; }

    /// <summary>A step begins.</summary>
    public void Begin()
    {
        _stepNumber++;
        Progressed = false;
    }

    /// <summary>The step did something that nobody needs to hear of.</summary>
    public void Progress() => Progressed = true;

    /// <summary>Something happened to a sequence.</summary>
    public void Tell(
        SchedulerEventKind kind, long sequenceId, int slot, int count, FinishReason? finishReason = null)
    {
        Progressed = true;
        observer?.Observe(new SchedulerEvent(_stepNumber, kind, sequenceId, slot, count, finishReason));
    }
}
