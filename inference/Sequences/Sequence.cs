using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Drafting;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Sampling.Grammars;

namespace Ollama.Platform.Inference.Sequences;

/// <summary>
/// One token stream with everything that it needs, allocated before the decode thread sees it. That thread then owns
/// it, but for the members that say otherwise.
/// </summary>
internal sealed class Sequence
{
    private readonly SequenceRequest _request;
    private StopMatcher _stopMatcher;
    private SequenceTimes _times;
    private SequenceEnd _end;
    private DraftPolicy _drafts = new();
    private long _consumedCount;
    private long _writtenCount;
    private volatile bool _cancelRequested;
    private volatile bool _ended;

    /// <summary>Makes a sequence that waits to be submitted.</summary>
    /// <param name="request">What to produce.</param>
    /// <param name="contextTokens">Tokens that it may occupy.</param>
    /// <param name="creditTokens">Tokens that it may be ahead of its reader.</param>
    /// <param name="seed">Seeds its random stream.</param>
    /// <param name="grammar">What its tokens have to keep to; null for nothing.</param>
    /// <param name="pieces">The bytes of tokens, for what breaks a repetition; null for no breakers.</param>
    public Sequence(
        SequenceRequest request, int contextTokens, int creditTokens, uint seed, GrammarConstraint? grammar = null,
        PieceTable? pieces = null)
    {
        _request = request;
        Grammar = grammar;
        _times = new SequenceTimes { Submitted = -1, Admitted = -1, FirstToken = -1, Ended = -1 };
        CreditTokens = creditTokens;
        var promptTokens = request.PromptTokens.Length;
        var tokensMax = request.CompletionTokensMax < 0 || request.CompletionTokensMax > contextTokens - promptTokens
            ? contextTokens
            : promptTokens + request.CompletionTokensMax;
        // One more than the context: the last token sampled there is not decoded any more.
        Tokens = new int[tokensMax + 1];
        request.PromptTokens.CopyTo(Tokens, 0);
        TokenCount = request.PromptTokens.Length;
        Ring = new TokenRing(creditTokens, request.LogProbs ? request.TopLogProbCount : -1);
        Sampler = new SamplerChain(request.Sampling, seed, contextTokens, pieces);
        foreach (var token in request.PromptTokens)
        {
            Sampler.Accept(token);
        }

        _stopMatcher = new StopMatcher(StopAutomaton.Create(request.StopSequences));
    }

    /// <summary>Identifies the request in events and logs.</summary>
    public long Id => _request.Id;

    /// <summary>Number of the submission: the lower, the older.</summary>
    public long Ticket { get; set; }

    /// <summary>Whether it goes before others that wait: each step counts like an earlier submission.</summary>
    public int Priority => _request.Priority;

    /// <summary>Time stamp by which it is served: its submission, moved by its priority.</summary>
    public long Rank { get; private set; }

    /// <summary>Time stamp after which nobody waits for it.</summary>
    public long Deadline { get; private set; } = long.MaxValue;

    /// <summary>Tokens that may be proposed for it in one step.</summary>
    public int DraftTokensMax => _request.DraftTokensMax;

    /// <summary>Decides how many are.</summary>
    public ref DraftPolicy Drafts => ref _drafts;

    /// <summary>Adapters that its cells are computed with; cells of others never serve it.</summary>
    public long AdapterKey => _request.AdapterKey;

    /// <summary>Prompt, then sampled tokens, less those that a context shift dropped.</summary>
    public int[] Tokens { get; }

    /// <summary>Tokens in use in <see cref="Tokens"/>.</summary>
    public int TokenCount { get; set; }

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokenCount => _request.PromptTokens.Length;

    /// <summary>Prompt tokens that were found in the prefix cache at the first admission.</summary>
    public int CachedTokenCount { get; set; }

    /// <summary>Tokens sampled so far.</summary>
    public int CompletionTokenCount { get; private set; }

    /// <summary>Tokens that may still be sampled.</summary>
    public int CompletionTokensLeft =>
        _request.CompletionTokensMax < 0 ? int.MaxValue : _request.CompletionTokensMax - CompletionTokenCount;

    /// <summary>Prompt tokens that a context shift keeps; negative for the whole prompt.</summary>
    public int KeepTokens => _request.KeepTokens;

    /// <summary>Whether old tokens may be dropped when the context is full.</summary>
    public bool Shift => _request.Shift;

    /// <summary>Texts that end the completion.</summary>
    public IReadOnlyList<string> StopSequences => _request.StopSequences;

    /// <summary>Whether log-probabilities were asked for.</summary>
    public bool LogProbs => _request.LogProbs;

    /// <summary>
    /// First tokens that may serve another sequence: what follows a shift was computed from dropped ones.
    /// </summary>
    public int ReusableTokensMax { get; set; } = int.MaxValue;

    /// <summary>Gave its slot up because its reader lagged; comes back when half of the credit is there.</summary>
    public bool Parked { get; set; }

    /// <summary>Chooses its tokens.</summary>
    public SamplerChain Sampler { get; }

    /// <summary>What its tokens have to keep to; null for nothing.</summary>
    public GrammarConstraint? Grammar { get; }

    /// <summary>Carries its tokens to the reader.</summary>
    public TokenRing Ring { get; }

    /// <summary>Tokens that it may be ahead of its reader.</summary>
    public int CreditTokens { get; }

    /// <summary>Tokens that may be sampled before the reader takes more.</summary>
    public long Credit => CreditTokens - (_writtenCount - Interlocked.Read(ref _consumedCount));

    /// <summary>Time stamps.</summary>
    public ref SequenceTimes Times => ref _times;

    /// <summary>Whether someone asked to end it. Any thread.</summary>
    public bool CancelRequested => _cancelRequested;

    /// <summary>Whether it has ended; then <see cref="End"/> and all tokens are readable. Any thread.</summary>
    public bool HasEnded => _ended;

    /// <summary>How it ended; any thread, once <see cref="HasEnded"/>.</summary>
    public SequenceEnd End => _end;

    /// <summary>Takes note of the submission. Before the decode thread sees it.</summary>
    public void Submit(TimeProvider time)
    {
        _times.Submitted = time.GetTimestamp();
        Rank = _times.Submitted - ToTimestamps(RequestPriority.HeadStart * Priority, time);
        if (_request.Deadline is { } deadline)
        {
            Deadline = _times.Submitted + ToTimestamps(deadline, time);
        }
    }

    /// <summary>Whether it is served before another one that waits.</summary>
    public bool ComesBefore(Sequence other) => Rank != other.Rank ? Rank < other.Rank : Ticket < other.Ticket;

    /// <summary>Asks to end it before the next step. Any thread; wake the loop afterwards.</summary>
    public void RequestCancel() => _cancelRequested = true;

    /// <summary>Tells that the reader has taken tokens. Any thread; wake the loop afterwards.</summary>
    public void Grant(int tokenCount) => Interlocked.Add(ref _consumedCount, tokenCount);

    /// <summary>Appends a sampled token, the end token included.</summary>
    public void Accept(int token)
    {
        Tokens[TokenCount++] = token;
        CompletionTokenCount++;
        Sampler.Accept(token);
        Grammar?.Accept(token);
    }

    /// <summary>Hands a sampled token to the reader.</summary>
    /// <returns>True when it completed a stop sequence.</returns>
    public bool Publish(int token, ReadOnlySpan<byte> piece)
    {
        var matched = _stopMatcher.Read(piece);
        _writtenCount++;
        Ring.Write(token, _stopMatcher.HeldBytes);
        return matched;
    }

    /// <summary>Ends the sequence; the last thing that the decode thread does to it.</summary>
    public void Finish(SequenceEnd end, long timestamp)
    {
        Grammar?.Release();
        _end = end;
        _times.Ended = timestamp;
        _ended = true;
    }

    private static long ToTimestamps(TimeSpan duration, TimeProvider time) =>
        (long)Math.Min(duration.TotalSeconds * time.TimestampFrequency, long.MaxValue / 4);
}
