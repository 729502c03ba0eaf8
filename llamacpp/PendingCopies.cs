namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// Copies from cache to cache that the library has put off to its next computation, although it says at once that the
/// cells are there: until then what is written into or read from them would be lost or wrong.
/// </summary>
internal sealed class PendingCopies(int sequenceCount)
{
    private readonly bool[] _sources = new bool[sequenceCount];
    private readonly bool[] _destinations = new bool[sequenceCount];
    private bool _any;

    /// <summary>Notes a copy.</summary>
    public void Add(int source, int destination)
    {
        _sources[source] = _destinations[destination] = _any = true;
    }

    /// <summary>Whether the cells of a sequence are still to be written.</summary>
    public bool Changes(int sequence) => _destinations[sequence];

    /// <summary>Whether the cells of a sequence are still to be read or written.</summary>
    public bool Involves(int sequence) => _sources[sequence] || _destinations[sequence];

    /// <summary>The library has computed.</summary>
    public void Clear()
    {
        if (_any)
        {
            Array.Clear(_sources);
            Array.Clear(_destinations);
            _any = false;
        }
    }
}
