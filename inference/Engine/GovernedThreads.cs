namespace Ollama.Platform.Inference.Engine;

/// <summary>The number of threads of one engine; disposing ends its governing.</summary>
internal sealed class GovernedThreads(int countMax, Action<GovernedThreads> remove) : IDisposable
{
    private volatile int _count = countMax;
    private long _stepCount;
    private long _stepCountSeen;

    /// <summary>Threads that the engine uses alone on a quiet machine.</summary>
    public int CountMax { get; } = countMax;

    /// <summary>Threads that it shall use from its next step on. Any thread.</summary>
    public int Count
    {
        get => _count;
        set => _count = value;
    }

    /// <summary>The engine takes a step. Decode thread.</summary>
    public void CountStep() => Volatile.Write(ref _stepCount, _stepCount + 1);

    /// <summary>Whether the engine has taken a step since the last call. Governor.</summary>
    public bool TakeActivity()
    {
        var count = Volatile.Read(ref _stepCount);
        var isActive = count != _stepCountSeen;
        _stepCountSeen = count;
        return isActive;
    }

    /// <inheritdoc/>
    public void Dispose() => remove(this);
}
