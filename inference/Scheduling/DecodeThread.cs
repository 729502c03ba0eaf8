using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>The dedicated thread of a loaded model: steps while there is work, sleeps otherwise.</summary>
internal sealed class DecodeThread
{
    private readonly DecodeLoop _loop;
    private readonly IEngine _engine;
    private readonly WakeSignal _wake = new();
    private readonly TaskCompletionSource<Exception?> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private volatile bool _stopRequested;
    private long _stepStarted;

    public DecodeThread(DecodeLoop loop, IEngine engine, TimeProvider time)
    {
        _loop = loop;
        _engine = engine;
        _time = time;
    }

    /// <summary>How long the current step has been running; zero when there is none. Any thread.</summary>
    public TimeSpan StepTime =>
        Volatile.Read(ref _stepStarted) is var started and not 0 ? _time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>Completes when the thread has ended, with the exception that ended it, if one did.</summary>
    public Task<Exception?> Ended => _ended.Task;

    /// <summary>Begins to step.</summary>
    public void Start() => new Thread(Run) { IsBackground = true, Name = "decode" }.Start();

    /// <summary>Tells that something was submitted, canceled or granted. Any thread.</summary>
    public void Wake() => _wake.Raise();

    /// <summary>Ends everything that runs, at once. Any thread.</summary>
    public void Stop()
    {
        _stopRequested = true;
        _engine.Abort();
        _wake.Raise();
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            while (!_stopRequested && !_loop.HasEnded)
            {
                Volatile.Write(ref _stepStarted, _time.GetTimestamp());
                var progressed = _loop.Step();
                Volatile.Write(ref _stepStarted, 0);
                if (!progressed)
                {
                    _wake.Wait();
                }
            }

            if (!_loop.HasEnded)
            {
                _loop.End(failure: null);
            }
        }
        catch (Exception exception)
        {
            // Whatever it was, those who wait for tokens must hear of it, and the process must live.
            failure = exception;
            _loop.End($"The decode thread failed: {exception.Message}");
        }

        _ended.SetResult(failure);
    }
}
