namespace Ollama.Platform.Silo.Placement;

/// <summary>Counts the requests that wait for a load, of all models of this silo. Safe on any thread.</summary>
/// <param name="countMax">Requests that may wait; the one whose load is running does not count.</param>
internal sealed class LoadWaiters(int countMax)
{
    private int _count;

    /// <summary>Takes a place; false when all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= (long)countMax + 1)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);
}
