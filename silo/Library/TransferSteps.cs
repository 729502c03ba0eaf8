using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>
/// What a pull or push has done so far. One task writes; whoever follows, from the start or later, is told everything:
/// of layers that are done where they ended, of the one that is moved where it stands. No longer than the manifest.
/// </summary>
internal sealed class TransferSteps
{
    // As often as Ollama reports.
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(60);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<Step> _steps = [];
    private Refusal? _refusal;
    private bool _isOver;

    /// <summary>Begins with its first step, so that whoever follows always finds one.</summary>
    public TransferSteps(TimeProvider time, string status)
    {
        _time = time;
        Add(status);
    }

    /// <summary>Begins a step that moves nothing.</summary>
    public void Add(string status) => Add(new Step(() => new TransferProgress(status)));

    /// <summary>A layer that is where it belongs already: one report, however long the next step lets wait.</summary>
    /// <param name="verb">What would be done with it.</param>
    /// <param name="digest">The layer.</param>
    /// <param name="totalBytes">Its length.</param>
    public void AddDone(string verb, Digest digest, long totalBytes) => Add(new Step(
        () => new TransferProgress($"{verb} {digest.Hex[..12]}", digest, totalBytes, totalBytes)));

    /// <summary>Begins to move a layer.</summary>
    /// <param name="verb">What is done with it.</param>
    /// <param name="digest">The layer.</param>
    /// <param name="totalBytes">Its length.</param>
    /// <param name="completed">How much of it is done, in bytes.</param>
    public void Add(string verb, Digest digest, long totalBytes, Func<long> completed) => Add(new Step(
        () => new TransferProgress($"{verb} {digest.Hex[..12]}", digest, totalBytes, completed()))
    {
        IsMoving = true,
    });

    /// <summary>Says that nothing follows.</summary>
    /// <param name="refusal">Why; null after success.</param>
    public void End(Refusal? refusal)
    {
        Step? last;
        lock (_lock)
        {
            (_isOver, _refusal) = (true, refusal);
            last = _steps.LastOrDefault();
        }

        last?.Finish();
    }

    /// <summary>Follows to the end.</summary>
    /// <exception cref="ModelException">The transfer failed.</exception>
    public async IAsyncEnumerable<TransferProgress> FollowAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var index = 0; Find(index) is { } step; index++)
        {
            var finished = step.Finished;
            while (true)
            {
                // Looked at first: what is reported after the end of a step is the whole of it.
                var isLast = !step.IsMoving || finished.IsCompleted;
                yield return step.Progress();
                if (isLast)
                {
                    break;
                }

                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(finished, Task.Delay(ReportPeriod, _time, waiting.Token));
                await waiting.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }

            await finished.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A step by its number; null when the one before was the last.</summary>
    private Step? Find(int index)
    {
        lock (_lock)
        {
            return index < _steps.Count ? _steps[index]
                : _refusal is null ? null
                : throw new ModelException(_refusal);
        }
    }

    private void Add(Step step)
    {
        Step? before;
        lock (_lock)
        {
            before = _steps.LastOrDefault();
            _steps.Add(step);
            if (_isOver)
            {
                step.Finish();
            }
        }

        before?.Finish();
    }

    private sealed class Step(Func<TransferProgress> progress)
    {
        private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TransferProgress? _final;

        public bool IsMoving { get; init; }

        public Task Finished => _finished.Task;

        public TransferProgress Progress() => _final ?? progress();

        public void Finish()
        {
            // What moved the layer can be forgotten.
            _final = progress();
            _finished.TrySetResult();
        }
    }
}
