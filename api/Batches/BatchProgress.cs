using Ollama.Platform.Api.Batches.Wire;

namespace Ollama.Platform.Api.Batches;

/// <summary>What has become of the requests of a batch. Any thread.</summary>
internal sealed class BatchProgress(int completed, int failed)
{
    private int _completed = completed;
    private int _failed = failed;

    /// <summary>A request was answered, or failed.</summary>
    public void Add(bool isCompleted) => Interlocked.Increment(ref isCompleted ? ref _completed : ref _failed);

    /// <summary>The counts.</summary>
    public CountsWire Count(int total) => new(total, Volatile.Read(ref _completed), Volatile.Read(ref _failed));
}
