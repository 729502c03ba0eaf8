namespace Ollama.Platform.Inference.Scheduling;

/// <summary>Inputs to embed and their vectors, allocated before the decode thread sees them.</summary>
internal sealed class EmbeddingJob
{
    private readonly TaskCompletionSource<string?> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _cancelRequested;

    public EmbeddingJob(IReadOnlyList<int[]> inputs, int embeddingLength, long adapterKey = 0)
    {
        Inputs = inputs;
        AdapterKey = adapterKey;
        Vectors = new float[inputs.Count][];
        for (var index = 0; index < Vectors.Length; index++)
        {
            Vectors[index] = new float[embeddingLength];
        }
    }

    /// <summary>Tokens of each input.</summary>
    public IReadOnlyList<int[]> Inputs { get; }

    /// <summary>Adapters that they are computed with.</summary>
    public long AdapterKey { get; }

    /// <summary>The vector of each input.</summary>
    public float[][] Vectors { get; }

    /// <summary>Completes with null, or with what failed; canceled when the job was.</summary>
    public Task<string?> Completion => _completion.Task;

    /// <summary>First input that is in no batch yet. Decode thread.</summary>
    public int NextInput { get; set; }

    /// <summary>Tokens computed for it, and before it came for whoever had fewest. Decode thread.</summary>
    public long ServedTokens { get; set; }

    /// <summary>Whether someone asked to end it. Any thread.</summary>
    public bool CancelRequested => _cancelRequested;

    /// <summary>Asks to leave the rest out. Any thread; wake the loop afterwards.</summary>
    public void RequestCancel() => _cancelRequested = true;

    /// <summary>All vectors are there, or nothing more comes.</summary>
    public void Finish(string? failure) => _completion.TrySetResult(failure);

    /// <summary>Ends a job that nobody waits for.</summary>
    public void Cancel() => _completion.TrySetCanceled();
}
