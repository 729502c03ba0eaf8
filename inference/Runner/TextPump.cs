using System.Collections.Concurrent;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// Turns tokens into chunks and sends them, on the thread pool: the decode thread only raises a signal. While the
/// pipe is full, tokens gather in their rings and go out together.
/// </summary>
internal sealed class TextPump(IRunnerPipe pipe, PieceTable pieces, TimeProvider time) : ITokenListener
{
    private readonly ConcurrentDictionary<long, SequenceStream> _streams = new();
    private readonly PumpSignal _signal = new();
    private volatile bool _stopRequested;

    /// <summary>Follows a sequence from now on; call before it is submitted.</summary>
    public void Add(long id, Sequence sequence) => _streams[id] = new SequenceStream(sequence, pieces, time);

    /// <summary>Follows a sequence no longer.</summary>
    public void Remove(long id) => _streams.TryRemove(id, out _);

    /// <summary>The sequence of an id; null when it has ended.</summary>
    public Sequence? Find(long id) => _streams.TryGetValue(id, out var stream) ? stream.Sequence : null;

    /// <inheritdoc/>
    public void Published() => _signal.Raise();

    /// <summary>Lets <see cref="RunAsync"/> return once everything was sent.</summary>
    public void Stop()
    {
        _stopRequested = true;
        _signal.Raise();
    }

    /// <summary>Sends chunks until stopped.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            var stopping = _stopRequested;
            foreach (var (id, stream) in _streams)
            {
                await SendAsync(id, stream);
            }

            if (stopping)
            {
                return;
            }

            await _signal.WaitAsync();
        }
    }

    private async ValueTask SendAsync(long id, SequenceStream stream)
    {
        var chunk = stream.TryTake();
        if (chunk is null)
        {
            return;
        }

        if (stream.Completed)
        {
            _streams.TryRemove(id, out _);
        }

        await pipe.WriteAsync(FrameOf(id, chunk, stream.Sequence), CancellationToken.None);
    }

    private static RunnerFrame FrameOf(long id, SequenceChunk chunk, Sequence sequence) => chunk.FinishReason switch
    {
        FinishReason.Error when sequence.End.Expired =>
            new RefusedFrame(id, new Refusal(ModelErrorCode.DeadlineExceeded, Model: null, Detail: null)),
        FinishReason.Error => new RefusedFrame(id, new Refusal(
            sequence.End.RunnerEnded ? ModelErrorCode.RunnerStopped : ModelErrorCode.EngineFailed,
            Model: null,
            sequence.End.Detail)),
        // Nobody who reads asked for that: the runner stops.
        FinishReason.Canceled when !sequence.CancelRequested =>
            new RefusedFrame(id, new Refusal(ModelErrorCode.RunnerStopped, Model: null, Detail: null)),
        _ => new ChunkFrame(id, chunk),
    };
}
