using System.Collections.Concurrent;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// The adapters that a runner's owner has loaded: which keys a request may name. Frames are handled one after the
/// other; answers come from the pool.
/// </summary>
internal sealed class AdapterShelf(DecodeLoop loop)
{
    private readonly ConcurrentDictionary<long, bool> _loadedByKey = new();

    /// <summary>Why nothing can be computed with these adapters; null when it can.</summary>
    public Refusal? Refuse(long key) => key == 0 || (_loadedByKey.TryGetValue(key, out var loaded) && loaded)
        ? null
        : Invalid($"No adapters are loaded under {key}.");

    /// <summary>Begins what a frame asks for.</summary>
    /// <param name="frame">What to load or to free.</param>
    /// <param name="job">What the decode thread does between two steps.</param>
    /// <returns>Why it cannot be done.</returns>
    public Refusal? Begin(AdaptersFrame frame, out AdapterJob job)
    {
        var loads = frame.Paths.Count > 0;
        job = new AdapterJob(frame.Key, loads ? frame.Paths : null);
        if (frame.Key == 0 || loads == _loadedByKey.ContainsKey(frame.Key))
        {
            return Invalid($"{frame.Key} is no key of adapters, or in use.");
        }

        if (loads && _loadedByKey.Count >= RunnerLimits.AdapterKeyCountMax)
        {
            return Invalid($"At most {RunnerLimits.AdapterKeyCountMax} keys of adapters are possible.");
        }

        var outcome = loop.TrySubmit(job);
        if (outcome != SubmitOutcome.Accepted)
        {
            var code = outcome == SubmitOutcome.QueueFull ? ModelErrorCode.QueueFull : ModelErrorCode.RunnerStopped;
            return new Refusal(code, Model: null, Detail: null);
        }

        // Nobody may name it before it is there; what is to go may be named until it has gone.
        _loadedByKey.TryAdd(frame.Key, false);
        return null;
    }

    /// <summary>The answer to a frame, once the decode thread has done it.</summary>
    public async Task<RunnerFrame> EndAsync(AdaptersFrame frame, AdapterJob job)
    {
        var loads = frame.Paths.Count > 0;
        try
        {
            var bytes = await job.Completion;
            Settle(frame.Key, loads);
            return new AdaptersDoneFrame(frame.Id, bytes);
        }
        catch (EngineLoadException failure)
        {
            Settle(frame.Key, !loads);
            return new RefusedFrame(frame.Id, new Refusal(ModelErrorCode.LoadFailed, null, failure.Message));
        }
    }

    private void Settle(long key, bool isLoaded)
    {
        if (isLoaded)
        {
            _loadedByKey[key] = true;
        }
        else
        {
            _loadedByKey.TryRemove(key, out _);
        }
    }

    private static Refusal Invalid(string detail) => new(ModelErrorCode.RequestInvalid, Model: null, detail);
}
