using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>Adapters to load or to free between two steps.</summary>
/// <param name="key">The key that they serve under.</param>
/// <param name="paths">The files to load; null frees what the key names.</param>
internal sealed class AdapterJob(long key, IReadOnlyList<string>? paths)
{
    private readonly TaskCompletionSource<AdapterBytes> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The key that they serve under.</summary>
    public long Key => key;

    /// <summary>Completes with what was loaded; fails with an <see cref="EngineLoadException"/>.</summary>
    public Task<AdapterBytes> Completion => _completion.Task;

    /// <summary>Does it. Decode thread.</summary>
    public void Run(IEngine engine)
    {
        if (paths is null)
        {
            engine.DropAdapters(key);
            _completion.TrySetResult(default);
            return;
        }

        try
        {
            _completion.TrySetResult(engine.LoadAdapters(key, paths));
        }
        catch (EngineLoadException failure)
        {
            // The files belong to one model; the others go on.
            _completion.TrySetException(failure);
        }
    }

    /// <summary>It is not done.</summary>
    public void Refuse(string reason) => _completion.TrySetException(new EngineLoadException(reason));
}
