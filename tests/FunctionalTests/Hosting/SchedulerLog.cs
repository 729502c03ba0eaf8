using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>Keeps what the decode loops did, and can hold a decode thread at an event.</summary>
internal sealed class SchedulerLog : ISchedulerObserver
{
    private readonly Lock _lock = new();
    private readonly List<SchedulerEvent> _events = [];
    private readonly List<(Predicate<SchedulerEvent> Wanted, TaskCompletionSource Seen)> _awaited = [];
    private readonly List<Hold> _holds = [];
    private Predicate<SchedulerEvent>? _failure;
    private int _failuresLeft;

    /// <summary>All events so far.</summary>
    public IReadOnlyList<SchedulerEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    public void Observe(in SchedulerEvent schedulerEvent)
    {
        Hold? held;
        lock (_lock)
        {
            var happened = schedulerEvent;
            _events.Add(happened);
            foreach (var (_, seen) in _awaited.Where(awaited => awaited.Wanted(happened)))
            {
                seen.TrySetResult();
            }

            held = _holds.Find(hold => hold.Takes(happened));
        }

        held?.Enter();
        if (_failure is { } failure && failure(schedulerEvent))
        {
            _failure = --_failuresLeft > 0 ? failure : null;
            throw new InvalidOperationException("The test failed the decode thread.");
        }
    }

    /// <summary>Fails the decode thread at the first coming events that are wanted, as a broken engine would.</summary>
    public void FailAt(Predicate<SchedulerEvent> wanted, int times = 1) => (_failuresLeft, _failure) = (times, wanted);

    /// <summary>Completes with the first event, past or coming, that is wanted.</summary>
    public Task SeenAsync(Predicate<SchedulerEvent> wanted)
    {
        lock (_lock)
        {
            if (_events.Exists(wanted))
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((wanted, seen));
            return seen.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Completes when something of this kind has happened to this sequence.</summary>
    public Task SeenAsync(SchedulerEventKind kind, long sequence) =>
        SeenAsync(happened => happened.Kind == kind && happened.SequenceId == sequence);

    /// <summary>Holds the decode thread at the first coming event that is wanted.</summary>
    public Hold HoldAt(Predicate<SchedulerEvent> wanted)
    {
        var hold = new Hold(wanted);
        lock (_lock)
        {
            _holds.Add(hold);
        }

        return hold;
    }

    /// <summary>Holds the decode thread when a sequence has so many tokens.</summary>
    public Hold HoldAtToken(long sequence, int count) => HoldAt(happened =>
        happened.Kind == SchedulerEventKind.Decoded && happened.SequenceId == sequence && happened.Count == count);

    /// <summary>The events of a sequence, without those before the given count of all events.</summary>
    public IReadOnlyList<SchedulerEvent> Of(long sequence, int from = 0) =>
        [.. Events.Skip(from).Where(happened => happened.SequenceId == sequence)];

    public void ReleaseAll()
    {
        lock (_lock)
        {
            _holds.ForEach(hold => hold.Release());
        }
    }

    /// <summary>One place where the decode thread stops until it is let go.</summary>
    internal sealed class Hold(Predicate<SchedulerEvent> wanted) : IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        // Asked for here: the decode thread belongs to no test.
        private readonly CancellationToken _testEnd = TestContext.Current.CancellationToken;
        private bool _taken;

        /// <summary>The decode thread stands here.</summary>
        public Task Reached => _reached.Task.WaitAsync(_testEnd);

        public bool Takes(SchedulerEvent happened)
        {
            var takes = !_taken && !_released.IsSet && wanted(happened);
            _taken |= takes;
            return takes;
        }

        public void Enter()
        {
            _reached.TrySetResult();
            _released.Wait(_testEnd);
        }

        public void Release() => _released.Set();

        public void Dispose() => _released.Dispose();
    }
}
