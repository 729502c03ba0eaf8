namespace Ollama.Platform.Inference.Engine;

/// <summary>The number of threads of one engine; disposing ends its governing.</summary>
internal sealed class GovernedThreads(int countMax, Action<GovernedThreads> remove) : IDisposable
{
    private volatile int _count = countMax;
    // Counts beginnings and ends, so that it is odd within a step.
    private long _mark;
    private long _markSeen;

    /// <summary>Threads that the engine uses alone on a quiet machine.</summary>
    public int CountMax { get; } = countMax;

    /// <summary>Threads that it shall use from its next step on. Any thread.</summary>
    public int Count
    {
        get => _count;
        set => _count = value;
    }

    /// <summary>The engine begins a step. Decode thread.</summary>
    public void BeginStep() => Volatile.Write(ref _mark, _mark + 1);

    /// <summary>The engine has ended a step. Decode thread.</summary>
    public void EndStep() => Volatile.Write(ref _mark, _mark + 1);

    /// <summary>Whether the engine has computed since the last call. Governor.</summary>
    public bool TakeActivity()
    {
        // A step over a long prompt takes seconds.
        var mark = Volatile.Read(ref _mark);
        var isActive = mark != _markSeen || long.IsOddInteger(mark);
        _markSeen = mark;
        return isActive;
    }

    /// <inheritdoc/>
    public void Dispose() => remove(this);
}
