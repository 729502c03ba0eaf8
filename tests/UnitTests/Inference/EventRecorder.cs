using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>Keeps every event of a decode loop.</summary>
public sealed class EventRecorder : ISchedulerObserver
{
    private readonly List<SchedulerEvent> _events = [];
    private readonly Lock _gate = new();

    public IReadOnlyList<SchedulerEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public void Observe(in SchedulerEvent schedulerEvent)
    {
        lock (_gate)
        {
            _events.Add(schedulerEvent);
        }
    }

    /// <summary>Events of one kind.</summary>
    public IReadOnlyList<SchedulerEvent> Of(SchedulerEventKind kind) => [.. Events.Where(item => item.Kind == kind)];

    /// <summary>Events of one sequence.</summary>
    public IReadOnlyList<SchedulerEvent> Of(long sequenceId) =>
        [.. Events.Where(item => item.SequenceId == sequenceId)];
}
