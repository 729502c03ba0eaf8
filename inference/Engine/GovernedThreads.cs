namespace Ollama.Platform.Inference.Engine;

/// <summary>The number of threads of one engine; disposing ends its governing.</summary>
internal sealed class GovernedThreads(int countMax, Action<GovernedThreads> remove, TimeProvider time) : IDisposable
{
    private volatile int _count = countMax;

    // When the step began that runs now; 0 between steps.
    private long _beganAt;
    private long _computed;
    private long _computedSeen;

    /// <summary>Threads that the engine uses alone on a quiet machine.</summary>
    public int CountMax { get; } = countMax;

    /// <summary>Threads that it shall use from its next step on. Any thread.</summary>
    public int Count
    {
        get => _count;
        set => _count = value;
    }

    /// <summary>The engine begins a step. Decode thread.</summary>
    public void BeginStep() => Volatile.Write(ref _beganAt, time.GetTimestamp());

    /// <summary>The engine has ended a step. Decode thread.</summary>
    public void EndStep()
    {
        Volatile.Write(ref _computed, _computed + time.GetTimestamp() - _beganAt);
        Volatile.Write(ref _beganAt, 0);
    }

    /// <summary>
    /// How long the engine has computed since the last call, with the part that has passed of a step. Governor.
    /// </summary>
    public TimeSpan TakeComputed()
    {
        // The two are not read at once: a step that ends just now may count twice or come with the next call.
        var computed = Volatile.Read(ref _computed);
        var beganAt = Volatile.Read(ref _beganAt);
        computed += beganAt == 0 ? 0 : time.GetTimestamp() - beganAt;
        var elapsed = time.GetElapsedTime(_computedSeen, Math.Max(computed, _computedSeen));
        _computedSeen = computed;
        return elapsed;
    }

    /// <inheritdoc/>
    public void Dispose() => remove(this);
}
