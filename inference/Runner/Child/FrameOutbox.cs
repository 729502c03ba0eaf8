using System.Threading.Channels;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>
/// Frames that a runner's process sends beside its answers: log lines and the progress of a load. Adding never waits,
/// since native code adds; when there are too many the oldest are lost.
/// </summary>
internal sealed class FrameOutbox
{
    // A load logs some hundred lines at once.
    private const int FramesMax = 2048;

    private readonly Channel<RunnerFrame> _frames = Channel.CreateBounded<RunnerFrame>(
        new BoundedChannelOptions(FramesMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Task _sending;

    /// <summary>Begins to send.</summary>
    public FrameOutbox(IRunnerPipe pipe) => _sending = SendAsync(pipe);

    /// <summary>Adds a frame. Any thread.</summary>
    public void Add(RunnerFrame frame) => _frames.Writer.TryWrite(frame);

    /// <summary>Takes no more frames, and waits until the last one is sent or the owner is gone.</summary>
    public Task CloseAsync()
    {
        _frames.Writer.TryComplete();
        return _sending;
    }

    private async Task SendAsync(IRunnerPipe pipe)
    {
        await foreach (var frame in _frames.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (!await pipe.WriteAsync(frame, CancellationToken.None))
            {
                return;
            }
        }
    }
}
