using System.Runtime.CompilerServices;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Follows texts through a grammar. What one text finds out is kept for all others of the same grammar, so that most
/// bytes cost one look into a table. Belongs to the decode thread of one runner, but for its making.
/// </summary>
internal sealed class GrammarAutomaton
{
    private readonly GrammarNetwork _network;
    private readonly List<GrammarMatcher> _matchers = [];
    private readonly Dictionary<int, ulong[]> _masks = new(GrammarBounds.MaskCountMax);
    private readonly int[] _maskStates = new int[GrammarBounds.MaskCountMax];
    private StackTable _stacks = new();
    private StateTable _states;
    private Positions _positions;
    private int[] _path = [];
    private int _maskNumber;
    private int _loopingState;

    /// <summary>Begins with nothing but the start.</summary>
    /// <exception cref="GrammarOverflowException">Even the beginning can be read in too many ways.</exception>
    public GrammarAutomaton(GrammarNetwork network)
    {
        _network = network;
        _states = new StateTable(network.ClassCount);
        _positions = new Positions(network, _stacks);
        Start = FindStart();
    }

    /// <summary>The state before the first byte.</summary>
    public int Start { get; private set; }

    /// <summary>Number of states found so far.</summary>
    public int StateCount => _states.Count;

    /// <summary>Keeps the state of a matcher when others are forgotten.</summary>
    public void Attach(GrammarMatcher matcher) => _matchers.Add(matcher);

    /// <summary>No longer keeps the state of a matcher.</summary>
    public void Detach(GrammarMatcher matcher) => _matchers.Remove(matcher);

    /// <summary>Whether a text may end in a state.</summary>
    public bool IsComplete(int state) => _states.IsComplete(state);

    /// <summary>Whether a text may go on from a state.</summary>
    public bool CanContinue(int state) => _states.Positions(state).Length > 0;

    /// <summary>Where bytes lead; −1 for nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Follow(int state, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            state = Follow(state, value);
            if (state == StateTable.Dead)
            {
                break;
            }
        }

        return state;
    }

    /// <summary>Forgets what nobody needs, if there is much of it. Only between checks: states change.</summary>
    public void Trim()
    {
        if (!_states.IsLarge && _stacks.Count <= GrammarBounds.StackCountSoft)
        {
            return;
        }

        var (oldStates, oldStacks) = (_states, _stacks);
        _stacks = new StackTable();
        _states = new StateTable(_network.ClassCount);
        _positions = new Positions(_network, _stacks);
        _masks.Clear();
        Start = FindStart();
        var copies = new Dictionary<int, int> { [StackTable.Empty] = StackTable.Empty };
        foreach (var matcher in _matchers)
        {
            matcher.State = Copy(oldStates, oldStacks, matcher.State, copies);
        }
    }

    /// <summary>
    /// Sets the bits of the places whose tokens may come next, of those that end a text, too.
    /// </summary>
    public void FillAllowed(int state, PieceTrie trie, Span<ulong> mask)
    {
        if (_masks.TryGetValue(state, out var known))
        {
            known.CopyTo(mask);
            return;
        }

        mask.Clear();
        var visitCount = Walk(state, trie, mask);
        if (_states.IsComplete(state))
        {
            SetRun(mask, trie.TextCount, trie.Tokens.Length);
        }

        if (visitCount >= GrammarBounds.CostlyVisitCount)
        {
            Keep(state, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Walk(int state, PieceTrie trie, Span<ulong> mask)
    {
        if (_path.Length <= trie.DepthMax)
        {
            _path = new int[trie.DepthMax + 1];
        }

        var path = _path;
        var nodes = trie.Nodes;
        var classes = _network.Classes;
        var classCount = _network.ClassCount;
        var transitions = _states.Transitions;
        path[0] = state;
        _loopingState = StateTable.Dead;
        var visitCount = 0;
        for (var index = 0; index < nodes.Length;)
        {
            visitCount++;
            ref readonly var node = ref nodes[index];
            var from = path[node.Depth - 1];
            var next = transitions[(from * classCount) + classes[node.Value]];
            if (next == StateTable.Unknown)
            {
                next = Discover(from, classes[node.Value]);
                transitions = _states.Transitions;
            }

            if (next == StateTable.Dead)
            {
                index = node.End;
                continue;
            }

            // Nothing below can lead elsewhere, as within a string: all of it is allowed.
            if (node.IsPlain && node.End > index + 1)
            {
                var loops = LoopsOnPlainText(next);
                transitions = _states.Transitions;
                if (loops)
                {
                    var endToken = node.End < nodes.Length ? nodes[node.End].FirstToken : trie.TextCount;
                    SetRun(mask, node.FirstToken, endToken);
                    index = node.End;
                    continue;
                }
            }

            path[node.Depth] = next;
            for (var token = node.FirstToken; token < node.FirstToken + node.TokenCount; token++)
            {
                mask[token >> 6] |= 1UL << (token & 63);
            }

            index++;
        }

        return visitCount;
    }

    // Most walks ask about the same state again and again.
    private bool LoopsOnPlainText(int state)
    {
        if (state == _loopingState)
        {
            return true;
        }

        foreach (var value in PieceTrie.PlainText)
        {
            if (Follow(state, value) != state)
            {
                return false;
            }
        }

        _loopingState = state;
        return true;
    }

    private static void SetRun(Span<ulong> mask, int start, int end)
    {
        while (start < end)
        {
            var count = Math.Min(end - start, 64 - (start & 63));
            mask[start >> 6] |= (ulong.MaxValue >> (64 - count)) << (start & 63);
            start += count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Follow(int state, byte value)
    {
        var byteClass = _network.Classes[value];
        var next = _states.Transition(state, byteClass);
        return next != StateTable.Unknown ? next : Discover(state, byteClass);
    }

    private int Discover(int state, int byteClass)
    {
        _positions.Clear();
        foreach (var position in _states.Positions(state))
        {
            var node = _network.Follow(Positions.Node(position), byteClass);
            if (node >= 0)
            {
                _positions.Add(node, Positions.Stack(position));
            }
        }

        var next = _states.Intern(_positions.Sorted(), _positions.Complete);
        _states.SetTransition(state, byteClass, next);
        return next;
    }

    private int FindStart()
    {
        _positions.Clear();
        _positions.Add(_network.Entry, StackTable.Empty);
        return _states.Intern(_positions.Sorted(), _positions.Complete);
    }

    // Masks come and go in turn; the arrays stay.
    private void Keep(int state, ReadOnlySpan<ulong> mask)
    {
        var place = _maskNumber++ % GrammarBounds.MaskCountMax;
        if (_masks.Count < GrammarBounds.MaskCountMax || !_masks.Remove(_maskStates[place], out var kept))
        {
            kept = new ulong[mask.Length];
        }

        mask.CopyTo(kept);
        _masks[state] = kept;
        _maskStates[place] = state;
    }

    private int Copy(StateTable oldStates, StackTable oldStacks, int state, Dictionary<int, int> copies)
    {
        var old = oldStates.Positions(state);
        var positions = new long[old.Length];
        for (var index = 0; index < old.Length; index++)
        {
            var stack = Copy(oldStacks, Positions.Stack(old[index]), copies);
            positions[index] = Positions.Of(Positions.Node(old[index]), stack);
        }

        Array.Sort(positions);
        return _states.Intern(positions, oldStates.IsComplete(state));
    }

    // From the top down to what is copied already, then back up; without recursion, since stacks are deep.
    private int Copy(StackTable oldStacks, int stack, Dictionary<int, int> copies)
    {
        var above = new Stack<int>();
        int copy;
        while (!copies.TryGetValue(stack, out copy))
        {
            above.Push(stack);
            stack = oldStacks.Below(stack);
        }

        while (above.TryPop(out var old))
        {
            copy = _stacks.Push(copy, oldStacks.Top(old));
            copies.Add(old, copy);
        }

        return copy;
    }
}
