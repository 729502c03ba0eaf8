namespace Ollama.Platform.Silo.Local;

/// <summary>
/// Runs the turns of one actor one after the other, on the thread pool. A turn ends where its code awaits, so that
/// calls of one actor interleave there and nowhere else.
/// </summary>
internal sealed class Mailbox : TaskScheduler, IThreadPoolWorkItem
{
    // A busy actor gives its thread back after so many turns, so that the others of the pool get theirs.
    private const int TurnsAtATime = 64;

    private readonly Queue<Task> _turns = new();
    private bool _scheduled;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs work as turns of this actor.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        for (var count = 0; count < TurnsAtATime; count++)
        {
            Task? turn;
            lock (_turns)
            {
                if (!_turns.TryDequeue(out turn))
                {
                    _scheduled = false;
                    return;
                }
            }

            TryExecuteTask(turn);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        lock (_turns)
        {
            _turns.Enqueue(task);
            if (_scheduled)
            {
                return;
            }

            _scheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>Never: a turn within a turn would see half-made changes.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_turns)
        {
            return [.. _turns];
        }
    }
}
