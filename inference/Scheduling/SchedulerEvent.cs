using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>One event of the decode loop.</summary>
/// <param name="Step">Number of the step, from 1 on.</param>
/// <param name="Kind">What happened.</param>
/// <param name="SequenceId">To which sequence.</param>
/// <param name="Slot">In which slot; −1 while it waits.</param>
/// <param name="Count">What the kind says.</param>
/// <param name="FinishReason">Why it ended; only with <see cref="SchedulerEventKind.Finished"/>.</param>
public readonly record struct SchedulerEvent(
    long Step, SchedulerEventKind Kind, long SequenceId, int Slot, int Count, FinishReason? FinishReason);
