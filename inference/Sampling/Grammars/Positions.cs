namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Collects where in the network a text can have led: from each place added, everything that is reached without reading
/// a byte. Belongs to the decode thread; allocates only to grow.
/// </summary>
/// <remarks>A position is a node in the upper half and a stack in the lower half of a number.</remarks>
internal sealed class Positions(GrammarNetwork network, StackTable stacks)
{
    private long[] _seen = new long[256];
    private int[] _seenIn = new int[256];
    private long[] _pending = new long[64];
    private long[] _reading = new long[64];
    private int _round;
    private int _seenCount;
    private int _pendingCount;
    private int _readingCount;

    /// <summary>Whether a text may end here.</summary>
    public bool Complete { get; private set; }

    /// <summary>The position of a node with a stack.</summary>
    public static long Of(int node, int stack) => ((long)node << 32) | (uint)stack;

    /// <summary>The node of a position.</summary>
    public static int Node(long position) => (int)(position >> 32);

    /// <summary>The stack of a position.</summary>
    public static int Stack(long position) => (int)position;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _round++;
        (_seenCount, _pendingCount, _readingCount, Complete) = (0, 0, 0, false);
    }

    /// <summary>Adds a place and what is reached from it.</summary>
    /// <exception cref="GrammarOverflowException">There are too many.</exception>
    public void Add(int node, int stack)
    {
        Visit(node, stack);
        while (_pendingCount > 0)
        {
            var position = _pending[--_pendingCount];
            (node, stack) = (Node(position), Stack(position));
            switch (network.Kind(node))
            {
                case NetworkNodeKind.Read:
                    Append(ref _reading, ref _readingCount, position);
                    break;
                case NetworkNodeKind.Split:
                    Visit(network.A(node), stack);
                    Visit(network.B(node), stack);
                    break;
                case NetworkNodeKind.Call:
                    // A call at the end of a rule returns to where the rule returns: lists do not pile up stacks.
                    var next = network.B(node);
                    Visit(
                        network.A(node),
                        network.Kind(next) == NetworkNodeKind.Return ? stack : stacks.Push(stack, next));
                    break;
                default:
                    Return(stack);
                    break;
            }
        }
    }

    /// <summary>The positions that read a byte, in ascending order; valid until the next change.</summary>
    public ReadOnlySpan<long> Sorted()
    {
        var reading = _reading.AsSpan(0, _readingCount);
        reading.Sort();
        return reading;
    }

    private void Return(int stack)
    {
        if (stack == StackTable.Empty)
        {
            Complete = true;
        }
        else
        {
            Visit(stacks.Top(stack), stacks.Below(stack));
        }
    }

    private void Visit(int node, int stack)
    {
        var position = Of(node, stack);
        var place = Find(position);
        if (_seenIn[place] == _round)
        {
            return;
        }

        if (_seenCount == GrammarBounds.PositionCountMax)
        {
            throw new GrammarOverflowException();
        }

        (_seen[place], _seenIn[place]) = (position, _round);
        if (++_seenCount > _seen.Length / 2)
        {
            Grow();
        }

        Append(ref _pending, ref _pendingCount, position);
    }

    private int Find(long position)
    {
        var mixed = (ulong)position * 0x9E3779B97F4A7C15;
        var mask = _seen.Length - 1;
        var place = (int)(mixed >> 40) & mask;
        while (_seenIn[place] == _round && _seen[place] != position)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        var (seen, seenIn) = (_seen, _seenIn);
        _seen = new long[2 * seen.Length];
        _seenIn = new int[2 * seen.Length];
        // A round of zero would make the new places look taken.
        Array.Fill(_seenIn, -1);
        for (var index = 0; index < seen.Length; index++)
        {
            if (seenIn[index] == _round)
            {
                var place = Find(seen[index]);
                (_seen[place], _seenIn[place]) = (seen[index], _round);
            }
        }
    }

    private static void Append(ref long[] list, ref int count, long value)
    {
        if (count == list.Length)
        {
            Array.Resize(ref list, 2 * count);
        }

        list[count++] = value;
    }
}
