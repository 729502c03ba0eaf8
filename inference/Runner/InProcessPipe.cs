using System.Threading.Channels;

namespace Ollama.Platform.Inference.Runner;

/// <summary>A pipe within one process: frames pass as they are. Disposing one end ends both directions.</summary>
internal sealed class InProcessPipe : IRunnerPipe
{
    // Frames under way in each direction; the credit of the sequences bounds what lies beyond.
    private const int CapacityFrames = 256;

    private readonly Channel<RunnerFrame> _outgoing;
    private readonly Channel<RunnerFrame> _incoming;

    private InProcessPipe(Channel<RunnerFrame> outgoing, Channel<RunnerFrame> incoming)
    {
        _outgoing = outgoing;
        _incoming = incoming;
    }

    /// <summary>Makes the two ends.</summary>
    public static (IRunnerPipe Owner, IRunnerPipe Runner) CreatePair()
    {
        var toRunner = CreateChannel();
        var toOwner = CreateChannel();
        return (new InProcessPipe(toRunner, toOwner), new InProcessPipe(toOwner, toRunner));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(RunnerFrame frame, CancellationToken cancellationToken)
    {
        while (!_outgoing.Writer.TryWrite(frame))
        {
            if (!await _outgoing.Writer.WaitToWriteAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<RunnerFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _incoming.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_incoming.Reader.TryRead(out var frame))
            {
                return frame;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _outgoing.Writer.TryComplete();
        _incoming.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    // Continuations run within the write: both readers only pass frames on, and a thread switch would cost each
    // token more than that.
    private static Channel<RunnerFrame> CreateChannel() =>
        Channel.CreateBounded<RunnerFrame>(new BoundedChannelOptions(CapacityFrames)
        {
            SingleReader = true,
            AllowSynchronousContinuations = true,
        });
}
