using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// The owner's end of the pipe: sends requests and deals out what comes back by id. Dealing out never waits for a
/// reader, so that a slow one holds up nobody else.
/// </summary>
internal sealed class PipeRunner : IModelRunner
{
    private readonly IRunnerPipe _pipe;
    private readonly ConcurrentDictionary<long, SequenceInbox> _sequences = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<RunnerFrame>> _calls = new();
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<ValueTask> _dispose;
    private long _lastId;
    private volatile bool _disposeRequested;

    /// <summary>Takes over one end of a pipe; call <see cref="ReceiveAsync"/> once.</summary>
    /// <param name="pipe">The owner's end.</param>
    /// <param name="description">What the runner has loaded.</param>
    /// <param name="dispose">Waits until nothing of the runner is left.</param>
    public PipeRunner(IRunnerPipe pipe, RunnerDescription description, Func<ValueTask> dispose)
    {
        _pipe = pipe;
        _dispose = dispose;
        Description = description;
    }

    /// <inheritdoc/>
    public RunnerDescription Description { get; }

    /// <inheritdoc/>
    public Task<string?> Ended => _ended.Task;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SequenceChunk> SubmitAsync(
        SequenceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = Interlocked.Increment(ref _lastId);
        var inbox = new SequenceInbox();
        _sequences[id] = inbox;
        var ended = false;
        var unreturnedTokens = 0;
        try
        {
            await SendAsync(new SubmitFrame(id, request), cancellationToken);
            while (!ended)
            {
                var chunk = await TakeAsync(inbox, cancellationToken);
                ended = chunk.FinishReason is not null;
                unreturnedTokens += chunk.Tokens.Count;
                yield return chunk;
                if (!ended && unreturnedTokens >= RunnerLimits.CreditReturnTokens)
                {
                    await SendAsync(new CreditFrame(id, unreturnedTokens), cancellationToken);
                    unreturnedTokens = 0;
                }
            }
        }
        finally
        {
            if (_sequences.TryRemove(id, out _) && !ended)
            {
                await _pipe.WriteAsync(new CancelFrame(id), CancellationToken.None);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(
        IReadOnlyList<int[]> inputs, CancellationToken cancellationToken)
    {
        if (inputs.Count == 0)
        {
            return [];
        }

        var frame = await CallAsync(id => new EmbedFrame(id, inputs), cancellationToken);
        return ((VectorsFrame)frame).Vectors;
    }

    /// <inheritdoc/>
    public async Task<int[]> TokenizeAsync(
        string text, bool specialAdded, bool specialParsed, CancellationToken cancellationToken)
    {
        var frame = await CallAsync(
            id => new TokenizeFrame(id, text, specialAdded, specialParsed), cancellationToken);
        return ((TokensFrame)frame).Tokens;
    }

    /// <inheritdoc/>
    public async Task<string> DetokenizeAsync(IReadOnlyList<int> tokens, CancellationToken cancellationToken)
    {
        var frame = await CallAsync(id => new DetokenizeFrame(id, tokens), cancellationToken);
        return ((TextFrame)frame).Text;
    }

    /// <summary>Deals out frames until the runner has ended; never throws.</summary>
    public async Task ReceiveAsync()
    {
        string? reason = "The runner's process is gone.";
        try
        {
            while (await _pipe.ReadAsync(CancellationToken.None) is { } frame)
            {
                if (frame is EndedFrame ended)
                {
                    reason = ended.Reason;
                    break;
                }

                DealOut(frame);
            }
        }
        catch (Exception exception)
        {
            // A runner that breaks the protocol is as good as gone.
            reason = exception.Message;
        }

        _ended.TrySetResult(reason);
        await _pipe.DisposeAsync();
        RefuseAll();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_disposeRequested)
        {
            _disposeRequested = true;
            await _pipe.WriteAsync(new UnloadFrame(), CancellationToken.None);
        }

        await _ended.Task;
        await _dispose();
    }

    private static async ValueTask<SequenceChunk> TakeAsync(SequenceInbox inbox, CancellationToken cancellationToken)
    {
        try
        {
            return await inbox.TakeAsync(cancellationToken);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is ModelException refused)
        {
            throw refused;
        }
    }

    private async Task<RunnerFrame> CallAsync(Func<long, RunnerFrame> ask, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<RunnerFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = answer;
        try
        {
            await SendAsync(ask(id), cancellationToken);
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            if (_calls.TryRemove(id, out _) && !answer.Task.IsCompleted)
            {
                await _pipe.WriteAsync(new CancelFrame(id), CancellationToken.None);
            }
        }
    }

    private async ValueTask SendAsync(RunnerFrame frame, CancellationToken cancellationToken)
    {
        if (_ended.Task.IsCompleted || _disposeRequested || !await _pipe.WriteAsync(frame, cancellationToken))
        {
            throw new ModelException(ModelErrorCode.RunnerStopped);
        }

        if (_ended.Task.IsCompleted)
        {
            // The end came between: what was registered after everybody was told must be told, too.
            RefuseAll();
        }
    }

    private void DealOut(RunnerFrame frame)
    {
        switch (frame)
        {
            case ChunkFrame chunk:
                if (_sequences.TryGetValue(chunk.Id, out var sequence))
                {
                    sequence.Add(chunk.Chunk);
                }

                return;
            case RefusedFrame refused:
                if (_sequences.TryRemove(refused.Id, out var refusedSequence))
                {
                    refusedSequence.Refuse(refused.Refusal);
                }
                else if (_calls.TryGetValue(refused.Id, out var refusedCall))
                {
                    refusedCall.TrySetException(new ModelException(refused.Refusal));
                }

                return;
            case VectorsFrame vectors:
                Answer(vectors.Id, vectors);
                return;
            case TokensFrame tokens:
                Answer(tokens.Id, tokens);
                return;
            case TextFrame text:
                Answer(text.Id, text);
                return;
            default:
                // A runner never sends what its owner sends.
                throw new InvalidOperationException($"The runner sent a {frame.GetType().Name}.");
        }
    }

    private void Answer(long id, RunnerFrame frame)
    {
        if (_calls.TryGetValue(id, out var answer))
        {
            answer.TrySetResult(frame);
        }
    }

    private void RefuseAll()
    {
        var refusal = new Refusal(ModelErrorCode.RunnerStopped, Model: null, Detail: null);
        foreach (var (id, _) in _sequences)
        {
            if (_sequences.TryRemove(id, out var sequence))
            {
                sequence.Refuse(refusal);
            }
        }

        foreach (var (_, answer) in _calls)
        {
            answer.TrySetException(new ModelException(refusal));
        }
    }
}
