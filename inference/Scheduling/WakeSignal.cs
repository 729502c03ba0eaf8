namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Lets the decode thread sleep until there is work. Raising it costs a memory barrier while the thread is awake.
/// </summary>
internal sealed class WakeSignal
{
    private readonly object _gate = new();
    private int _sleeping;
    private int _raised;

    /// <summary>Wakes the sleeper, or keeps it from falling asleep. Any thread.</summary>
    public void Raise()
    {
        Interlocked.Exchange(ref _raised, 1);
        if (Volatile.Read(ref _sleeping) != 0)
        {
            lock (_gate)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Sleeps until it was raised since the last call returned. One thread.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            // The barriers order "sleeping, then look" against "raise, then look": one of the two sees the other.
            Interlocked.Exchange(ref _sleeping, 1);
            while (Interlocked.Exchange(ref _raised, 0) == 0)
            {
                Monitor.Wait(_gate);
            }

            Volatile.Write(ref _sleeping, 0);
        }
    }
}
