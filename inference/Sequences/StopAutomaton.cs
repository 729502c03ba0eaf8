using System.Text;

namespace Ollama.Platform.Inference.Sequences;

/// <summary>
/// Recognizes many stop sequences in a stream of bytes at once (Aho–Corasick). Immutable; a state is an integer, so
/// that one automaton serves any number of readers without allocation.
/// </summary>
internal sealed class StopAutomaton
{
    /// <summary>Bytes of all stop sequences together at most.</summary>
    public const int BytesMax = 64 * 1024;

    private readonly int[] _root = new int[256];
    private readonly byte[] _labels;
    private readonly int[] _firstChild;
    private readonly int[] _nextSibling;
    private readonly int[] _fallback;
    private readonly int[] _depth;
    private readonly int[] _matchBytes;
    private int _stateCount = 1;

    private StopAutomaton(List<byte[]> stops)
    {
        var statesMax = stops.Sum(stop => stop.Length) + 1;
        _labels = new byte[statesMax];
        _firstChild = new int[statesMax];
        _nextSibling = new int[statesMax];
        _fallback = new int[statesMax];
        _depth = new int[statesMax];
        _matchBytes = new int[statesMax];
        stops.ForEach(AddStop);
        LinkFallbacks();
    }

    /// <summary>Builds the automaton; null when no stop sequence has a byte.</summary>
    /// <exception cref="ArgumentException">The stop sequences are longer than <see cref="BytesMax"/>.</exception>
    public static StopAutomaton? Create(IReadOnlyList<string> stops)
    {
        if (CountBytes(stops) > BytesMax)
        {
            throw new ArgumentException($"Stop sequences exceed {BytesMax} bytes.", nameof(stops));
        }

        List<byte[]> filled = [.. stops.Where(stop => stop.Length > 0).Select(Encoding.UTF8.GetBytes)];
        return filled.Count == 0 ? null : new StopAutomaton(filled);
    }

    /// <summary>UTF-8 bytes of the stop sequences together.</summary>
    public static long CountBytes(IReadOnlyList<string> stops) =>
        stops.Sum(stop => (long)Encoding.UTF8.GetByteCount(stop));

    /// <summary>The state after a byte; 0 is the first state.</summary>
    public int Next(int state, byte value)
    {
        while (state != 0)
        {
            var child = Child(state, value);
            if (child != 0)
            {
                return child;
            }

            state = _fallback[state];
        }

        return _root[value];
    }

    /// <summary>Number of last bytes that a stop sequence begins with.</summary>
    public int HeldBytes(int state) => _depth[state];

    /// <summary>Bytes of the longest stop sequence that is complete in this state; 0 when none is.</summary>
    public int MatchBytes(int state) => _matchBytes[state];

    private int Child(int state, byte value)
    {
        var child = _firstChild[state];
        while (child != 0 && _labels[child] != value)
        {
            child = _nextSibling[child];
        }

        return child;
    }

    private void AddStop(byte[] stop)
    {
        var state = 0;
        foreach (var value in stop)
        {
            var child = state == 0 ? _root[value] : Child(state, value);
            if (child == 0)
            {
                child = _stateCount++;
                _labels[child] = value;
                _depth[child] = _depth[state] + 1;
                _nextSibling[child] = _firstChild[state];
                _firstChild[state] = child;
                if (state == 0)
                {
                    _root[value] = child;
                }
            }

            state = child;
        }

        _matchBytes[state] = stop.Length;
    }

    // Breadth first, so that a state's fallback, which is shorter, is finished before it.
    private void LinkFallbacks()
    {
        var queue = new Queue<int>();
        for (var child = _firstChild[0]; child != 0; child = _nextSibling[child])
        {
            queue.Enqueue(child);
        }

        while (queue.TryDequeue(out var state))
        {
            for (var child = _firstChild[state]; child != 0; child = _nextSibling[child])
            {
                _fallback[child] = Next(_fallback[state], _labels[child]);
                // A shorter stop may end inside a longer one.
                _matchBytes[child] = Math.Max(_matchBytes[child], _matchBytes[_fallback[child]]);
                queue.Enqueue(child);
            }
        }
    }
}
