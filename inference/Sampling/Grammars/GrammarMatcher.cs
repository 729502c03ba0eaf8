namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Where one text is in a grammar. Bytes may come in any pieces, also within a character. Belongs to the decode thread,
/// but for its making; allocates nothing for what it has seen before.
/// </summary>
internal sealed class GrammarMatcher
{
    private readonly GrammarAutomaton _automaton;
    private int _state;
    private bool _attached;

    /// <summary>Begins before the first byte.</summary>
    public GrammarMatcher(GrammarAutomaton automaton) => _automaton = automaton;

    /// <summary>Whether the text so far is whole: a token that ends it may come.</summary>
    public bool IsComplete => _automaton.IsComplete(State);

    /// <summary>Whether nothing but the end may come.</summary>
    public bool MustEnd => !_automaton.CanContinue(State);

    /// <summary>The automaton's state; it gives a new number when it forgets others.</summary>
    internal int State
    {
        get
        {
            Attach();
            return _state;
        }
        set => _state = value;
    }

    /// <summary>Whether bytes may come next; changes nothing.</summary>
    /// <exception cref="GrammarOverflowException">They can be read in too many ways.</exception>
    public bool Allows(ReadOnlySpan<byte> piece)
    {
        Attach();
        _automaton.Trim();
        return !piece.IsEmpty && _automaton.Follow(_state, piece) != StateTable.Dead;
    }

    /// <summary>Takes bytes; what is not allowed is not taken.</summary>
    /// <returns>Whether they were allowed.</returns>
    /// <exception cref="GrammarOverflowException">They can be read in too many ways.</exception>
    public bool Accept(ReadOnlySpan<byte> piece)
    {
        Attach();
        _automaton.Trim();
        var next = _automaton.Follow(_state, piece);
        _state = next == StateTable.Dead ? _state : next;
        return next != StateTable.Dead;
    }

    /// <summary>Sets the bits of all tokens that may come next, end tokens included.</summary>
    /// <param name="trie">The vocabulary.</param>
    /// <param name="mask">A bit for each place of the vocabulary's tree.</param>
    /// <exception cref="GrammarOverflowException">They can be read in too many ways.</exception>
    public void FillAllowed(PieceTrie trie, Span<ulong> mask)
    {
        Attach();
        _automaton.Trim();
        _automaton.FillAllowed(_state, trie, mask);
    }

    /// <summary>Goes back to before the first byte.</summary>
    public void Reset()
    {
        Attach();
        _state = _automaton.Start;
    }

    /// <summary>A matcher at the same place that goes its own way.</summary>
    public GrammarMatcher Clone()
    {
        var clone = new GrammarMatcher(_automaton);
        clone.Attach();
        clone._state = State;
        return clone;
    }

    /// <summary>Goes to where another matcher of the same automaton is.</summary>
    public void CopyFrom(GrammarMatcher other)
    {
        Attach();
        _state = other.State;
    }

    /// <summary>Lets the automaton forget this matcher; using it again begins anew.</summary>
    public void Release()
    {
        if (_attached)
        {
            _automaton.Detach(this);
            _attached = false;
        }
    }

    // On the decode thread's first use, since the automaton belongs to it.
    private void Attach()
    {
        if (!_attached)
        {
            _attached = true;
            _automaton.Attach(this);
            _state = _automaton.Start;
        }
    }
}
