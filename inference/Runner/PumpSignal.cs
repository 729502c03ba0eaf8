using System.Threading.Tasks.Sources;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// Wakes one asynchronous waiter on the thread pool without allocating on the thread that raises it.
/// </summary>
internal sealed class PumpSignal : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Clear = 0;
    private const int Raised = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Wakes the waiter, or lets the next wait pass. Any thread.</summary>
    public void Raise()
    {
        if (Interlocked.Exchange(ref _state, Raised) == Waiting)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Completes when raised since the last wait completed. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Clear) == Clear)
        {
            return new ValueTask(this, _core.Version);
        }

        Interlocked.Exchange(ref _state, Clear);
        return ValueTask.CompletedTask;
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Cleared before the waiter looks for work: what is raised from here on wakes it again.
        Interlocked.Exchange(ref _state, Clear);
        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
