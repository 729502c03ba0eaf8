namespace Ollama.Platform.Inference.Sequences;

/// <summary>
/// Tokens on their way from the decode thread (the one writer) to the text side (the one reader), without locks or
/// allocation. It holds as many tokens as a sequence has credit, so the writer never finds it full.
/// </summary>
internal sealed class TokenRing
{
    private readonly int[] _tokens;
    private readonly int[] _heldBytes;
    private readonly float[] _logProbs;
    private readonly int[] _topTokens;
    private readonly float[] _topLogProbs;
    private readonly int[] _topCounts;
    private readonly int _topCountMax;
    private long _written;
    private long _read;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="capacity">Tokens that fit.</param>
    /// <param name="topCountMax">Alternatives of each token; −1 without log-probabilities.</param>
    public TokenRing(int capacity, int topCountMax)
    {
        HasLogProbs = topCountMax >= 0;
        _topCountMax = Math.Max(topCountMax, 0);
        _tokens = new int[capacity];
        _heldBytes = new int[capacity];
        _logProbs = new float[HasLogProbs ? capacity : 0];
        _topCounts = new int[HasLogProbs ? capacity : 0];
        _topTokens = new int[capacity * _topCountMax];
        _topLogProbs = new float[capacity * _topCountMax];
    }

    /// <summary>Whether tokens come with log-probabilities.</summary>
    public bool HasLogProbs { get; }

    /// <summary>Tokens that the reader has not taken.</summary>
    public int Count => (int)(Volatile.Read(ref _written) - Volatile.Read(ref _read));

    /// <summary>Writer: places for the alternatives of the next token.</summary>
    public Span<int> NextTopTokens => _topTokens.AsSpan(Place(_written) * _topCountMax, _topCountMax);

    /// <summary>Writer: places for the log-probabilities of the next token's alternatives.</summary>
    public Span<float> NextTopLogProbs => _topLogProbs.AsSpan(Place(_written) * _topCountMax, _topCountMax);

    /// <summary>Writer: sets the log-probabilities that go with the next token.</summary>
    public void SetLogProb(float logProb, int topCount)
    {
        _logProbs[Place(_written)] = logProb;
        _topCounts[Place(_written)] = topCount;
    }

    /// <summary>Writer: hands over a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="heldBytes">Last bytes of the text so far that may become a stop sequence.</param>
    /// <exception cref="InvalidOperationException">The ring is full: the writer ignored the credit.</exception>
    public void Write(int token, int heldBytes)
    {
        if (Count == _tokens.Length)
        {
            throw new InvalidOperationException("A sequence was decoded without credit.");
        }

        _tokens[Place(_written)] = token;
        _heldBytes[Place(_written)] = heldBytes;
        Volatile.Write(ref _written, _written + 1);
    }

    /// <summary>Reader: looks at the oldest token.</summary>
    public bool TryPeek(out int token, out int heldBytes)
    {
        var any = Count > 0;
        token = any ? _tokens[Place(_read)] : -1;
        heldBytes = any ? _heldBytes[Place(_read)] : 0;
        return any;
    }

    /// <summary>Reader: log-probability of the oldest token and its alternatives.</summary>
    public float PeekLogProb(out ReadOnlySpan<int> topTokens, out ReadOnlySpan<float> topLogProbs)
    {
        var place = Place(_read);
        topTokens = _topTokens.AsSpan(place * _topCountMax, _topCounts[place]);
        topLogProbs = _topLogProbs.AsSpan(place * _topCountMax, _topCounts[place]);
        return _logProbs[place];
    }

    /// <summary>Reader: gives the oldest token's place back.</summary>
    public void Advance() => Volatile.Write(ref _read, _read + 1);

    private int Place(long number) => (int)(number % _tokens.Length);
}
