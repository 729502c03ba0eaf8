using System.Numerics;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Stacks of nodes to return to, each kept once: a number stands for a stack, and equal stacks have equal numbers.
/// Belongs to the decode thread; allocates only to grow.
/// </summary>
internal sealed class StackTable
{
    /// <summary>The empty stack.</summary>
    public const int Empty = 0;

    private int[] _nodes = new int[256];
    private int[] _parents = new int[256];
    private int[] _places = new int[512];

    /// <summary>Number of stacks.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>The node on top of a stack that is not empty.</summary>
    public int Top(int stack) => _nodes[stack];

    /// <summary>The stack below the top.</summary>
    public int Below(int stack) => _parents[stack];

    /// <summary>The stack with one more node on top.</summary>
    /// <exception cref="GrammarOverflowException">There are too many.</exception>
    public int Push(int stack, int node)
    {
        var place = Find(stack, node);
        if (_places[place] != 0)
        {
            return _places[place];
        }

        if (Count >= GrammarBounds.StackCountSoft * GrammarBounds.HardFactor)
        {
            throw new GrammarOverflowException();
        }

        if (Count == _nodes.Length)
        {
            Grow();
            place = Find(stack, node);
        }

        (_nodes[Count], _parents[Count]) = (node, stack);
        _places[place] = Count;
        return Count++;
    }

    private int Find(int stack, int node)
    {
        var mask = _places.Length - 1;
        var place = (int)(Hash(stack, node) & (uint)mask);
        while (_places[place] is var found && found != 0 && (_nodes[found] != node || _parents[found] != stack))
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        Array.Resize(ref _nodes, 2 * Count);
        Array.Resize(ref _parents, 2 * Count);
        _places = new int[4 * Count];
        for (var stack = 1; stack < Count; stack++)
        {
            _places[Find(_parents[stack], _nodes[stack])] = stack;
        }
    }

    private static uint Hash(int stack, int node)
    {
        var mixed = ((uint)stack * 0x9E3779B1) ^ BitOperations.RotateLeft((uint)node * 0x85EBCA77, 15);
        return mixed ^ (mixed >> 15);
    }
}
