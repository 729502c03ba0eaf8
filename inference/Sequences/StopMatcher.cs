namespace Ollama.Platform.Inference.Sequences;

/// <summary>
/// Follows one sequence's bytes through a <see cref="StopAutomaton"/> on the decode thread. The stop sequence that is
/// complete first wins, among those complete at the same byte the longest: however the text is cut into tokens.
/// </summary>
internal struct StopMatcher(StopAutomaton? automaton)
{
    private int _state;

    /// <summary>Last bytes that may still become a stop sequence; after a match the bytes from its start on.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>Reads a token's bytes.</summary>
    /// <returns>True when a stop sequence is complete; nothing may be read after that.</returns>
    public bool Read(ReadOnlySpan<byte> piece)
    {
        if (automaton is null)
        {
            return false;
        }

        for (var index = 0; index < piece.Length; index++)
        {
            _state = automaton.Next(_state, piece[index]);
            var matchBytes = automaton.MatchBytes(_state);
            if (matchBytes > 0)
            {
                HeldBytes = matchBytes + piece.Length - index - 1;
                return true;
            }
        }

        HeldBytes = automaton.HeldBytes(_state);
        return false;
    }
}
