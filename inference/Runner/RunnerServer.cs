using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling.Grammars;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// The runner's end of the pipe: owns a loaded engine with its decode thread and answers frames. Ends when it is told
/// to unload, when the owner's end is gone or when the engine has failed; then the engine is disposed.
/// </summary>
internal sealed partial class RunnerServer
{
    // Of an 8b model a gigabyte: by the bandwidth of an H200 a sixteenth of a step for one stream, and more than a
    // second to be copied out, at the gigabyte a second that was measured there.
    private const int GpuIdleCellsMax = 8192;

    // Tokens that take longer to compute than the cache of a usual context takes to copy.
    private const int CopiedTokensMin = 32;

    private readonly IEngine _engine;
    private readonly IRunnerPipe _pipe;
    private readonly RequestCheck _check;
    private readonly TextPump _pump;
    private readonly DecodeLoop _loop;
    private readonly DecodeThread _thread;
    private readonly ILogger _logger;
    private readonly GrammarCache _grammars;
    private readonly AdapterShelf _adapters;
    private readonly ConcurrentDictionary<long, EmbeddingJob> _jobs = new();
    private readonly ConcurrentDictionary<long, Task> _calls = new();

    /// <summary>Takes over an engine.</summary>
    public RunnerServer(
        IEngine engine,
        LoadSpecification specification,
        IRunnerPipe pipe,
        TimeProvider time,
        ILogger logger,
        ISchedulerObserver? observer)
    {
        _engine = engine;
        _pipe = pipe;
        _logger = logger;
        var limits = LimitsOf(engine.Description, specification);
        _check = new RequestCheck(engine.Description, limits, specification.Embedding);
        _grammars = new GrammarCache(engine.Pieces);
        _pump = new TextPump(pipe, engine.Pieces, time);
        _loop = new DecodeLoop(engine, limits, time, _pump, observer);
        _adapters = new AdapterShelf(_loop);
        _thread = new DecodeThread(_loop, engine, time);
    }

    /// <summary>The sizes that follow from what was asked for and what the engine could do.</summary>
    public static SchedulerLimits LimitsOf(EngineDescription description, LoadSpecification specification)
    {
        var slotCount = Math.Min(
            Math.Min(specification.SlotCount, description.SequenceCountMax), description.BatchTokensMax);
        var contextTokens = Math.Min(
            specification.ContextTokens,
            description.CacheUnified ? description.CellCount : description.CellCount / description.SequenceCountMax);
        if (specification.Embedding)
        {
            // An input is computed in one piece, and an encoder has no positions beyond those it was trained with.
            contextTokens = Math.Min(contextTokens, Math.Max(1, description.ContextTokensTrained));
            contextTokens = Math.Min(
                contextTokens, Math.Min(description.MicroBatchTokensMax, description.BatchTokensMax));
        }

        var limits = new SchedulerLimits
        {
            SlotCount = slotCount,
            CellCount = description.CacheUnified ? description.CellCount : slotCount * contextTokens,
            CacheUnified = description.CacheUnified,
            ContextTokens = contextTokens,
            BatchTokensMax = description.BatchTokensMax,
            QueueLengthMax = Math.Max(RunnerLimits.QueueLengthMin, slotCount),
            TokenDelayMax = specification.TokenDelayMax,
            PrefixCacheBytes = specification.PrefixCacheBytes,
            OutputCountMax = description.OutputCountMax,
        };

        if (!description.CacheUnified)
        {
            // Idle cells slow nobody down, and only as many common ones are shared as pay for copying a whole cache.
            return limits with
            {
                IdleCellsMax = int.MaxValue,
                LongPromptTokens = int.MaxValue,
                PrefixTokensMin = CopiedTokensMin,
                SharedTokensMin = CopiedTokensMin,
            };
        }

        // Copying cells out of a GPU takes as long as computing their tokens does.
        return description.VramBytes > 0
            ? limits with { IdleCellsMax = GpuIdleCellsMax, LongPromptTokens = int.MaxValue }
            : limits;
    }

    /// <summary>Serves until the end; never throws.</summary>
    public async Task RunAsync()
    {
        _thread.Start();
        var pumping = _pump.RunAsync();
        var reading = ReadFramesAsync();
        await Task.WhenAny(reading, _thread.Ended);
        _thread.Stop();
        var exception = await _thread.Ended;
        _pump.Stop();
        await pumping;
        // The engine must outlive the calls that use it on other threads.
        await Task.WhenAll(_calls.Values);
        var reason = _loop.EndReason;
        if (reason is not null)
        {
            Log.Failed(_logger, reason, exception);
        }

        await _pipe.WriteAsync(new EndedFrame(reason), CancellationToken.None);
        await _pipe.DisposeAsync();
        await reading;
        // A frame read at the last moment may have begun one more call.
        await Task.WhenAll(_calls.Values);
        _engine.Dispose();
    }

    private async Task ReadFramesAsync()
    {
        try
        {
            while (await _pipe.ReadAsync(CancellationToken.None) is { } frame and not UnloadFrame)
            {
                if (Handle(frame) is { } answer)
                {
                    await _pipe.WriteAsync(answer, CancellationToken.None);
                }
            }
        }
        catch (Exception exception)
        {
            // An owner that cannot be understood is as good as gone; whatever runs for it ends.
            Log.OwnerFailed(_logger, exception);
        }
    }

    private RunnerFrame? Handle(RunnerFrame frame)
    {
        switch (frame)
        {
            case SubmitFrame submit:
                return Submit(submit);
            case CancelFrame cancel:
                Cancel(cancel.Id);
                return null;
            case PingFrame:
                return new PongFrame(_thread.StepTime);
            case CreditFrame credit:
                _pump.Find(credit.Id)?.Grant(credit.TokenCount);
                _thread.Wake();
                return null;
            case EmbedFrame embed:
                return Embed(embed);
            case AdaptersFrame adapters:
                return ChangeAdapters(adapters);
            case TokenizeFrame tokenize:
                return Call(tokenize.Id, () => new TokensFrame(
                    tokenize.Id, _engine.Tokenize(tokenize.Text, tokenize.SpecialAdded, tokenize.SpecialParsed)));
            case DetokenizeFrame detokenize:
                return _check.RefuseTokens(detokenize.Tokens, _engine.Pieces) is { } refusal
                    ? new RefusedFrame(detokenize.Id, refusal)
                    : Call(detokenize.Id, () => new TextFrame(
                        detokenize.Id, _engine.Detokenize([.. detokenize.Tokens])));
            default:
                // An owner never sends what a runner sends.
                return null;
        }
    }

    private RefusedFrame? Submit(SubmitFrame frame)
    {
        if ((_check.Refuse(frame.Request) ?? _adapters.Refuse(frame.Request.AdapterKey)) is { } refusal)
        {
            return new RefusedFrame(frame.Id, refusal);
        }

        GrammarConstraint? grammar;
        try
        {
            grammar = _grammars.Constrain(frame.Request);
        }
        catch (Exception exception) when (exception is GrammarSyntaxException or GrammarOverflowException)
        {
            return new RefusedFrame(
                frame.Id,
                new Refusal(ModelErrorCode.FormatInvalid, Model: null, $"invalid grammar: {exception.Message}"));
        }

        var seed = frame.Request.Sampling.Seed ?? (uint)Random.Shared.NextInt64(1L << 32);
        var sequence = new Sequence(
            frame.Request, _check.ContextTokens, RunnerLimits.CreditTokens, seed, grammar, _engine.Pieces);
        _pump.Add(frame.Id, sequence);
        var outcome = _loop.TrySubmit(sequence);
        if (outcome == SubmitOutcome.Accepted)
        {
            _thread.Wake();
            return null;
        }

        _pump.Remove(frame.Id);
        return Refuse(frame.Id, outcome);
    }

    private RefusedFrame? Embed(EmbedFrame frame)
    {
        if ((_check.RefuseInputs(frame.Inputs) ?? _adapters.Refuse(frame.AdapterKey)) is { } refusal)
        {
            return new RefusedFrame(frame.Id, refusal);
        }

        var job = new EmbeddingJob(frame.Inputs, _engine.Description.EmbeddingLength, frame.AdapterKey);
        var outcome = _loop.TrySubmit(job);
        if (outcome != SubmitOutcome.Accepted)
        {
            return Refuse(frame.Id, outcome);
        }

        _jobs[frame.Id] = job;
        Track(frame.Id, () => AnswerAsync(frame.Id, job));
        _thread.Wake();
        return null;
    }

    private RefusedFrame? ChangeAdapters(AdaptersFrame frame)
    {
        if (_adapters.Begin(frame, out var job) is { } refusal)
        {
            return new RefusedFrame(frame.Id, refusal);
        }

        Track(frame.Id, async () =>
            await _pipe.WriteAsync(await _adapters.EndAsync(frame, job), CancellationToken.None));
        _thread.Wake();
        return null;
    }

    private void Cancel(long id)
    {
        _pump.Find(id)?.RequestCancel();
        if (_jobs.TryGetValue(id, out var job))
        {
            job.RequestCancel();
        }

        _thread.Wake();
    }

    // Splitting a long text takes milliseconds: on the pool, so that frames behind it are not held up.
    private RefusedFrame? Call(long id, Func<RunnerFrame> work)
    {
        if (_calls.Count >= RunnerLimits.CallCountMax)
        {
            return Refuse(id, SubmitOutcome.QueueFull);
        }

        Track(id, () => AnswerAsync(id, work));
        return null;
    }

    private async Task AnswerAsync(long id, Func<RunnerFrame> work)
    {
        RunnerFrame answer;
        try
        {
            answer = work();
        }
        catch (Exception exception)
        {
            answer = new RefusedFrame(id, new Refusal(ModelErrorCode.EngineFailed, Model: null, exception.Message));
        }

        await _pipe.WriteAsync(answer, CancellationToken.None);
    }

    private async Task AnswerAsync(long id, EmbeddingJob job)
    {
        var completed = await Task.WhenAny(job.Completion);
        _jobs.TryRemove(id, out _);
        if (completed.IsCanceled)
        {
            return;
        }

        var failure = await completed;
        RunnerFrame answer = failure is null
            ? new VectorsFrame(id, job.Vectors)
            : new RefusedFrame(id, new Refusal(ModelErrorCode.RunnerStopped, Model: null, failure));
        await _pipe.WriteAsync(answer, CancellationToken.None);
    }

    // Registered before it begins, or it could be over before there is anything to remove.
    private void Track(long id, Func<Task> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = done.Task;
        _ = Task.Run(async () =>
        {
            try
            {
                await work();
            }
            finally
            {
                _calls.TryRemove(id, out _);
                done.SetResult();
            }
        });
    }

    private static RefusedFrame Refuse(long id, SubmitOutcome outcome) => new(
        id,
        new Refusal(
            outcome == SubmitOutcome.QueueFull ? ModelErrorCode.QueueFull : ModelErrorCode.RunnerStopped,
            Model: null,
            Detail: null));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The runner ended: {Reason}")]
        public static partial void Failed(ILogger logger, string reason, Exception? exception);

        [LoggerMessage(LogLevel.Error, "The runner's owner sent something that is no frame.")]
        public static partial void OwnerFailed(ILogger logger, Exception exception);
    }
}
