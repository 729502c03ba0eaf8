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
    private volatile bool _stopRequested;

    public DecodeThread(DecodeLoop loop, IEngine engine)
    {
        _loop = loop;
        _engine = engine;
    }

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
                if (!_loop.Step())
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
