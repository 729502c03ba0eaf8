using System.Runtime.InteropServices;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// Lowers the tokens that would go on with something that the recent tokens have said before ("don't repeat
/// yourself"). Belongs to the decode thread once the sequence is submitted; allocates only to grow.
/// </summary>
internal sealed class RepetitionWindow
{
    private readonly DryOptions _options;
    private readonly PieceTable? _pieces;
    private readonly StopAutomaton? _breakers;
    private readonly float _exponentMax;
    private readonly Dictionary<int, int> _lengths = [];
    private readonly List<(int Token, float Logit)> _originals = [];
    // The window lies anywhere in twice its length, so that it is moved rarely and is always in one piece.
    private readonly int[] _recent;
    private readonly int[] _matched;
    private readonly int _tokensMax;
    private int _end;
    private int _count;
    private int _sinceBreaker;
    private int _breakerState;

    private RepetitionWindow(DryOptions options, int tokensMax, PieceTable? pieces)
    {
        _options = options;
        _pieces = pieces;
        _breakers = pieces is null ? null : StopAutomaton.Create(options.Breakers);
        _tokensMax = tokensMax;
        _recent = new int[2 * tokensMax];
        _matched = new int[tokensMax];
        // A penalty beyond the greatest float would be infinite.
        _exponentMax = options.Base > 1f ? MathF.Log(float.MaxValue) / MathF.Log(options.Base) : float.MaxValue;
    }

    /// <summary>The window of a sequence, or null when its options lower nothing.</summary>
    /// <param name="options">The options.</param>
    /// <param name="contextTokens">Tokens that the sequence may occupy.</param>
    /// <param name="pieces">The bytes of tokens, in which breakers are found; null for no breakers.</param>
    public static RepetitionWindow? Create(DryOptions? options, int contextTokens, PieceTable? pieces)
    {
        if (options is null || options.Multiplier == 0f || options.Base < 1f)
        {
            return null;
        }

        var tokensMax = options.LastTokens < 0 ? contextTokens : Math.Min(options.LastTokens, contextTokens);
        return tokensMax == 0 ? null : new RepetitionWindow(options, tokensMax, pieces);
    }

    /// <summary>Takes a token of the prompt or a sampled one into the window.</summary>
    public void Accept(int token)
    {
        if (_end == _recent.Length)
        {
            _recent.AsSpan(_end - _count).CopyTo(_recent);
            _end = _count;
        }

        _recent[_end++] = token;
        _count = Math.Min(_count + 1, _tokensMax);
        _sinceBreaker = Math.Min(_sinceBreaker + 1, _tokensMax);
        if (_breakers is null)
        {
            return;
        }

        if (Read(token, ref _breakerState))
        {
            _sinceBreaker = 0;
        }
    }

    /// <summary>Lowers the logits.</summary>
    public void Apply(Span<float> logits)
    {
        _originals.Clear();
        if (_count <= _options.AllowedLength || _sinceBreaker < _options.AllowedLength)
        {
            return;
        }

        Measure(_recent.AsSpan(_end - _count, _count));
        foreach (var (token, length) in _lengths)
        {
            if (Breaks(token))
            {
                continue;
            }

            ref var logit = ref logits[token];
            _originals.Add((token, logit));
            var exponent = Math.Min(length - _options.AllowedLength, _exponentMax);
            logit -= _options.Multiplier * MathF.Pow(_options.Base, exponent);
        }
    }

    /// <summary>Takes <see cref="Apply"/> back; nothing may have been accepted in between.</summary>
    public void Restore(Span<float> logits)
    {
        foreach (var (token, logit) in _originals)
        {
            logits[token] = logit;
        }
    }

    // A token that breaks repetitions by itself goes on with none.
    private bool Breaks(int token)
    {
        var state = 0;
        return _breakers is not null && Read(token, ref state);
    }

    // Whether a breaker ends within a token.
    private bool Read(int token, ref int state)
    {
        var found = false;
        foreach (var value in _pieces![token])
        {
            state = _breakers!.Next(state, value);
            found |= _breakers.MatchBytes(state) > 0;
        }

        return found;
    }

    // For each earlier place, how many tokens up to it are the last tokens, too (the Z-algorithm, from the end): what
    // followed there would go on with a repetition of that length.
    private void Measure(ReadOnlySpan<int> recent)
    {
        _lengths.Clear();
        var last = recent.Length - 1;
        var (left, right) = (0, 0);
        for (var place = 1; place <= last; place++)
        {
            var length = place < right ? Math.Min(right - place, _matched[place - left]) : 0;
            while (place + length <= last && recent[last - length] == recent[last - place - length])
            {
                length++;
            }

            _matched[place] = length;
            if (place + length > right)
            {
                (left, right) = (place, place + length);
            }

            length = Math.Min(length, _sinceBreaker);
            if (length >= _options.AllowedLength)
            {
                ref var longest = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    _lengths, recent[last - place + 1], out var known);
                longest = known ? Math.Max(longest, length) : length;
            }
        }
    }
}
