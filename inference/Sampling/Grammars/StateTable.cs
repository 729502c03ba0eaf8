namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Sets of positions, each kept once, and where each class of bytes leads from them. Belongs to the decode thread;
/// allocates only to grow.
/// </summary>
internal sealed class StateTable(int classCount)
{
    /// <summary>A transition that was not computed yet.</summary>
    public const int Unknown = 0;

    /// <summary>The state that no text leads to; not a state of the table.</summary>
    public const int Dead = -1;

    private readonly int _classCount = classCount;
    private int[] _starts = new int[65];
    private bool[] _complete = new bool[64];
    private int[] _places = new int[128];
    private int[] _transitions = new int[64 * classCount];
    private long[] _positions = new long[256];

    /// <summary>Number of states; the first has number 1.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Whether so much is kept that what is not in use should be forgotten.</summary>
    public bool IsLarge =>
        Count > GrammarBounds.StateCountSoft
        || Count * (long)_classCount > GrammarBounds.TransitionCountSoft
        || _starts[Count] > GrammarBounds.StackCountSoft;

    /// <summary>Whether a text may end in a state.</summary>
    public bool IsComplete(int state) => _complete[state];

    /// <summary>Positions of a state, ascending; valid until a state is added.</summary>
    public ReadOnlySpan<long> Positions(int state) => _positions.AsSpan(_starts[state].._starts[state + 1]);

    /// <summary>Where a class leads, <see cref="Dead"/> or <see cref="Unknown"/>.</summary>
    public int Transition(int state, int byteClass) => _transitions[(state * _classCount) + byteClass];

    /// <summary>
    /// Where each class leads from each state, state after state; valid until a state is added.
    /// </summary>
    public ReadOnlySpan<int> Transitions => _transitions;

    /// <summary>Tells where a class leads.</summary>
    public void SetTransition(int state, int byteClass, int next) =>
        _transitions[(state * _classCount) + byteClass] = next;

    /// <summary>The state that stands for positions.</summary>
    /// <param name="positions">In ascending order.</param>
    /// <param name="complete">Whether a text may end there.</param>
    /// <exception cref="GrammarOverflowException">There are too many.</exception>
    public int Intern(ReadOnlySpan<long> positions, bool complete)
    {
        if (positions.IsEmpty && !complete)
        {
            return Dead;
        }

        var place = Find(positions, complete);
        if (_places[place] != 0)
        {
            return _places[place];
        }

        if (IsTooLarge())
        {
            throw new GrammarOverflowException();
        }

        if (Count == _complete.Length)
        {
            Grow();
            place = Find(positions, complete);
        }

        var (start, end) = (_starts[Count], _starts[Count] + positions.Length);
        if (end > _positions.Length)
        {
            Array.Resize(ref _positions, Math.Max(end, 2 * _positions.Length));
        }

        positions.CopyTo(_positions.AsSpan(start));
        _starts[Count + 1] = end;
        _complete[Count] = complete;
        _places[place] = Count;
        return Count++;
    }

    private bool IsTooLarge() =>
        Count > GrammarBounds.StateCountSoft * GrammarBounds.HardFactor
        || Count * (long)_classCount > GrammarBounds.TransitionCountSoft * GrammarBounds.HardFactor
        || _starts[Count] > GrammarBounds.StackCountSoft * GrammarBounds.HardFactor;

    private int Find(ReadOnlySpan<long> positions, bool complete)
    {
        var mask = _places.Length - 1;
        var place = Hash(positions, complete) & mask;
        while (_places[place] is var found && found != 0
            && (_complete[found] != complete || !Positions(found).SequenceEqual(positions)))
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        Array.Resize(ref _complete, 2 * Count);
        Array.Resize(ref _starts, (2 * Count) + 1);
        Array.Resize(ref _transitions, 2 * Count * _classCount);
        _places = new int[4 * Count];
        for (var state = 1; state < Count; state++)
        {
            _places[Find(Positions(state), _complete[state])] = state;
        }
    }

    private static int Hash(ReadOnlySpan<long> positions, bool complete)
    {
        var hash = complete ? 0x9E3779B97F4A7C15 : 0;
        foreach (var position in positions)
        {
            hash = (hash ^ (ulong)position) * 0xBF58476D1CE4E5B9;
            hash ^= hash >> 29;
        }

        return (int)(hash >> 32) & int.MaxValue;
    }
}
