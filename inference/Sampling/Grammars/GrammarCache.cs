using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// The grammars that a runner was last asked for: requests with the same one share what was found out about it. One
/// thread at a time.
/// </summary>
internal sealed class GrammarCache(PieceTable pieces)
{
    private readonly LinkedList<(string? Preface, string? Start, string Text, GrammarAutomaton Automaton)> _recent = [];
    private PieceTrie? _trie;

    /// <summary>What the tokens of a request have to keep to; null for nothing.</summary>
    /// <exception cref="GrammarSyntaxException">The grammar cannot be used.</exception>
    /// <exception cref="GrammarOverflowException">The grammar is too ambiguous.</exception>
    public GrammarConstraint? Constrain(SequenceRequest request)
    {
        if (request.Grammar is null)
        {
            return null;
        }

        // Takes tens of milliseconds and megabytes for a large vocabulary, and most models are never asked.
        _trie ??= new PieceTrie(pieces);
        return new GrammarConstraint(new GrammarMatcher(Find(request, request.Grammar)), pieces, _trie);
    }

    private GrammarAutomaton Find(SequenceRequest request, string text)
    {
        for (var entry = _recent.First; entry is not null; entry = entry.Next)
        {
            if (entry.Value.Text == text
                && entry.Value.Start == request.GrammarStart && entry.Value.Preface == request.GrammarPreface)
            {
                _recent.Remove(entry);
                _recent.AddFirst(entry);
                return entry.Value.Automaton;
            }
        }

        if (request.GrammarStart is { Length: 0 or > GrammarBounds.StartLengthMax }
            || request.GrammarPreface?.Length > GrammarBounds.StartLengthMax)
        {
            throw new GrammarSyntaxException(
                $"the text before the grammar ends with 1 to {GrammarBounds.StartLengthMax} characters");
        }

        var start = request.GrammarStart is { } close ? new GrammarStart(request.GrammarPreface, close) : null;
        var automaton = new GrammarAutomaton(GrammarNetwork.Compile(text, start));
        if (_recent.Count == GrammarBounds.CachedGrammarCount)
        {
            _recent.RemoveLast();
        }

        _recent.AddFirst((request.GrammarPreface, request.GrammarStart, text, automaton));
        return automaton;
    }
}
