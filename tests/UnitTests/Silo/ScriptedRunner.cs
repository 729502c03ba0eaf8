using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>A runner whose sequences a test answers; one token is one character.</summary>
internal sealed class ScriptedRunner(LoadSpecification specification, ScriptedRunnerLoader loader) : IModelRunner
{
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<ScriptedSequence> _running = [];

    public LoadSpecification Specification { get; } = specification;

    public Task Disposed => _disposed.Task;

    public Task<string?> Ended => _ended.Task;

    public RunnerDescription Description { get; } = new()
    {
        ContextTokens = specification.ContextTokens,
        SlotCount = specification.SlotCount,
        CellCount = specification.ContextTokens * specification.SlotCount,
        EmbeddingLength = 2,
        AddsBosToken = false,
        AddsEosToken = false,
        PairMarks = new PairMarks(['<'], ['|'], ['>']),
        CanShift = true,
        TotalBytes = 1000,
        VramBytes = 0,
        LoadDuration = TimeSpan.FromSeconds(1),
        DraftRefusal = specification.DraftPath is null ? null : loader.DraftRefusal,
    };

    public async IAsyncEnumerable<SequenceChunk> SubmitAsync(
        SequenceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sequence = new ScriptedSequence(request);
        lock (_running)
        {
            _running.Add(sequence);
        }

        await loader.SubmitAsync(sequence);
        try
        {
            await foreach (var chunk in sequence.Chunks.ReadAllAsync(cancellationToken))
            {
                yield return chunk;
            }
        }
        finally
        {
            lock (_running)
            {
                _running.Remove(sequence);
            }

            sequence.Leave();
        }
    }

    public Task<IReadOnlyList<float[]>> EmbedAsync(
        IReadOnlyList<int[]> inputs, long adapterKey, CancellationToken cancellationToken)
    {
        Assert.True(adapterKey == 0 || Adapters.ContainsKey(adapterKey));
        EmbeddedWith.Enqueue(adapterKey);
        return Task.FromResult<IReadOnlyList<float[]>>([.. inputs.Select(loader.Embed)]);
    }

    /// <summary>Adapters of each call for vectors.</summary>
    public ConcurrentQueue<long> EmbeddedWith { get; } = new();

    /// <summary>The files of the adapters that are loaded, by key.</summary>
    public ConcurrentDictionary<long, IReadOnlyList<string>> Adapters { get; } = new();

    public async Task<AdapterBytes> LoadAdaptersAsync(
        long key, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        await loader.AdapterGate;
        if (paths.Any(loader.BadAdapters.Contains))
        {
            throw new ModelException(ModelErrorCode.LoadFailed, null, "the adapter is of another model");
        }

        Assert.True(Adapters.TryAdd(key, paths));
        return new AdapterBytes(100, 10);
    }

    public Task DropAdaptersAsync(long key, CancellationToken cancellationToken)
    {
        Assert.True(Adapters.TryRemove(key, out _));
        return Task.CompletedTask;
    }

    public Task<int[]> TokenizeAsync(
        string text, bool specialAdded, bool specialParsed, CancellationToken cancellationToken) =>
        Task.FromResult<int[]>([.. text.Select(character => (int)character)]);

    public Task<string> DetokenizeAsync(IReadOnlyList<int> tokens, CancellationToken cancellationToken) =>
        Task.FromResult(string.Concat(tokens.Select(token => (char)token)));

    /// <summary>Ends as a crashed process would.</summary>
    public void Die(string reason)
    {
        ScriptedSequence[] running;
        lock (_running)
        {
            running = [.. _running];
        }

        foreach (var sequence in running)
        {
            sequence.Fail(new ModelException(ModelErrorCode.RunnerStopped, null, reason));
        }

        _ended.TrySetResult(reason);
    }

    public ValueTask DisposeAsync()
    {
        _ended.TrySetResult(null);
        _disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
