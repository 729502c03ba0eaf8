using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;

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
    private readonly IRunnerCarrier _carrier;
    private readonly RunnerWatch _watch;
    private readonly TimeProvider _time;
    private long _lastId;
    private volatile bool _disposeRequested;
    private volatile string? _expired;

    /// <summary>Takes over one end of a pipe; call <see cref="ReceiveAsync"/> once.</summary>
    /// <param name="pipe">The owner's end.</param>
    /// <param name="description">What the runner has loaded.</param>
    /// <param name="carrier">What the runner lives in.</param>
    /// <param name="stepTimeMax">How long a step may take; zero or less watches nothing.</param>
    /// <param name="time">Measures that.</param>
    public PipeRunner(
        IRunnerPipe pipe, RunnerDescription description, IRunnerCarrier carrier, TimeSpan stepTimeMax,
        TimeProvider time)
    {
        _pipe = pipe;
        _carrier = carrier;
        _time = time;
        Description = description;
        _watch = new RunnerWatch(stepTimeMax, time, () => !_sequences.IsEmpty || !_calls.IsEmpty, Ping, Expire);
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
        IReadOnlyList<int[]> inputs, long adapterKey, CancellationToken cancellationToken)
    {
        if (inputs.Count == 0)
        {
            return [];
        }

        // Refused before it is a frame: a pipe carries none that is too long, and breaks.
        var countMax = RunnerLimits.VectorBytesMax / (sizeof(float) * Math.Max(1, Description.EmbeddingLength));
        if (inputs.Count > countMax)
        {
            throw Invalid($"{inputs.Count} inputs are too many at once; {countMax} are possible");
        }

        if (inputs.Sum(input => (long)input.Length) is var tokens and > RunnerLimits.InputTokensMax)
        {
            throw Invalid($"{tokens} tokens are too many at once; {RunnerLimits.InputTokensMax} are possible");
        }

        var frame = await CallAsync<VectorsFrame>(id => new EmbedFrame(id, adapterKey, inputs), cancellationToken);
        var vectors = frame.Vectors;
        return vectors.Count == inputs.Count
            ? vectors
            : throw Stopped($"the runner computed {vectors.Count} vectors for {inputs.Count} inputs");
    }

    /// <inheritdoc/>
    public async Task<AdapterBytes> LoadAdaptersAsync(
        long key, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        var frame = await CallAsync<AdaptersDoneFrame>(id => new AdaptersFrame(id, key, paths), cancellationToken);
        return frame.Bytes;
    }

    /// <inheritdoc/>
    public Task DropAdaptersAsync(long key, CancellationToken cancellationToken) =>
        CallAsync<AdaptersDoneFrame>(id => new AdaptersFrame(id, key, []), cancellationToken);

    /// <inheritdoc/>
    public async Task<int[]> TokenizeAsync(
        string text, bool specialAdded, bool specialParsed, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(text) > RunnerLimits.TextBytesMax)
        {
            throw Invalid($"a text is longer than {RunnerLimits.TextBytesMax} bytes");
        }

        var frame = await CallAsync<TokensFrame>(
            id => new TokenizeFrame(id, text, specialAdded, specialParsed), cancellationToken);
        return frame.Tokens;
    }

    /// <inheritdoc/>
    public async Task<string> DetokenizeAsync(IReadOnlyList<int> tokens, CancellationToken cancellationToken)
    {
        var frame = await CallAsync<TextFrame>(id => new DetokenizeFrame(id, tokens), cancellationToken);
        return frame.Text;
    }

    /// <summary>Deals out frames until the runner has ended; never throws.</summary>
    public async Task ReceiveAsync()
    {
        string? reason;
        try
        {
            reason = await DealOutAsync();
        }
        catch (Exception exception)
        {
            // A runner that breaks the protocol is as good as gone.
            _carrier.Kill();
            reason = exception.Message;
        }

        _watch.Dispose();
        _ended.TrySetResult(_disposeRequested ? null : _expired ?? reason);
        await _pipe.DisposeAsync();
        RefuseAll();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_disposeRequested)
        {
            _disposeRequested = true;
            await UnloadAsync();
        }

        await _ended.Task;
        await _carrier.DisposeAsync();
    }

    /// <summary>Tells the runner to end, and ends it when it does not.</summary>
    private async Task UnloadAsync()
    {
        // Not awaited: a runner that hangs does not read.
        _ = _pipe.WriteAsync(new UnloadFrame(), CancellationToken.None).AsTask();
        using var ended = new CancellationTokenSource();
        await Task.WhenAny(_ended.Task, Task.Delay(RunnerLimits.UnloadTimeMax, _time, ended.Token));
        await ended.CancelAsync();
        if (!_ended.Task.IsCompleted)
        {
            _carrier.Kill();
        }
    }

    private void Ping() => _ = _pipe.WriteAsync(new PingFrame(), CancellationToken.None).AsTask();

    private void Expire(string reason)
    {
        _expired = reason;
        _carrier.Kill();
    }

    private async Task<string?> DealOutAsync()
    {
        while (await _pipe.ReadAsync(CancellationToken.None) is { } frame)
        {
            if (frame is EndedFrame ended)
            {
                return ended.Reason;
            }

            DealOut(frame);
        }

        _carrier.Kill();
        return await _carrier.DescribeEndAsync() ?? "the runner is gone";
    }

    private static ModelException Invalid(string detail) => new(ModelErrorCode.RequestInvalid, null, detail);

    private static ModelException Stopped(string? reason) => new(ModelErrorCode.RunnerStopped, null, reason);

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

    private async Task<TAnswer> CallAsync<TAnswer>(Func<long, RunnerFrame> ask, CancellationToken cancellationToken)
        where TAnswer : RunnerFrame
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<RunnerFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = answer;
        try
        {
            await SendAsync(ask(id), cancellationToken);
            return await answer.Task.WaitAsync(cancellationToken) as TAnswer
                ?? throw Stopped("the runner answered something else");
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
        if (_disposeRequested)
        {
            throw Stopped(reason: null);
        }

        if (_ended.Task.IsCompleted || !await _pipe.WriteAsync(frame, cancellationToken))
        {
            // The pipe breaks a moment before it is known why.
            throw Stopped(await _ended.Task.WaitAsync(cancellationToken));
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
            case AdaptersDoneFrame done:
                Answer(done.Id, done);
                return;
            case PongFrame pong:
                _watch.Answered(pong.StepTime);
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
        // Completed before anybody calls this.
        var refusal = Stopped(_ended.Task.GetAwaiter().GetResult()).Refusal;
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
